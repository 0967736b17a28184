package io.soilhub.scalability.balancing.healthcheck;

import io.soilhub.scalability.balancing.fleet.Health;
import io.soilhub.scalability.balancing.fleet.HealthCheckResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What the probes of one instance have shown. The first probe decides alone; after that it takes
/// `rise` good or `fall` bad ones in a row to change the verdict.
///
/// @param against probes in a row that speak against the verdict
record ProbeState(HealthCheckResult verdict, int against) {

  static final ProbeState NEW = new ProbeState(HealthCheckResult.NONE, 0);

  /// How much sooner the next probe comes while the verdict may be about to change.
  private static final int HURRY = 5;

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  ProbeState after(boolean good, double millis, Instant at, HealthCheckSettings settings) {
    Health shown = good ? Health.HEALTHY : Health.UNHEALTHY;
    Health before = verdict.health();
    int streak = before == shown || before == Health.UNKNOWN ? 0 : against + 1;
    int needed = good ? settings.rise() : settings.fall();
    boolean changes = before == Health.UNKNOWN || streak >= needed;
    Health now = changes ? shown : before;
    return new ProbeState(
        new HealthCheckResult(now, millis, Optional.of(at)), changes ? 0 : streak);
  }

  /// Until the next probe, with a tenth of chance on either side, so that probes of many instances
  /// and replicas do not meet.
  ///
  /// @param chance 0 to 1
  Duration pause(HealthCheckSettings settings, double chance) {
    Duration pause = settings.interval();
    if (against > 0) {
      Duration soon = pause.dividedBy(HURRY);
      pause = soon.compareTo(SHORTEST) < 0 ? SHORTEST : soon;
    }
    return Duration.ofNanos((long) (pause.toNanos() * (0.9 + 0.2 * chance)));
  }
}
