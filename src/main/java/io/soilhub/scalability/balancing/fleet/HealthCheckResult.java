package io.soilhub.scalability.balancing.fleet;

import java.time.Instant;
import java.util.Optional;

/// What the active probes say of an instance.
///
/// @param health UNKNOWN, HEALTHY or UNHEALTHY
/// @param responseTimeMs of the last probe
/// @param lastCheck empty before the first
public record HealthCheckResult(Health health, double responseTimeMs, Optional<Instant> lastCheck) {

  public static final HealthCheckResult NONE =
      new HealthCheckResult(Health.UNKNOWN, 0, Optional.empty());
}
