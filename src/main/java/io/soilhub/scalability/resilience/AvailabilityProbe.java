package io.soilhub.scalability.resilience;

import io.soilhub.scalability.platform.Availability;
import java.util.Map;

/// Shows what the watch on PostgreSQL or Redis last saw.
final class AvailabilityProbe implements ComponentProbe {

  private final Availability availability;
  private final boolean essential;

  AvailabilityProbe(Availability availability, boolean essential) {
    this.availability = availability;
    this.essential = essential;
  }

  @Override
  public String name() {
    return availability.name();
  }

  @Override
  public boolean essential() {
    return essential;
  }

  /// The cause stays in the log: a driver's message can name hosts and users.
  @Override
  public ComponentReport report() {
    Availability.State state = availability.state();
    if (!state.checked()) {
      return ComponentReport.degraded("not checked yet", Map.of());
    }
    return state.available()
        ? ComponentReport.healthy(
            Map.of("since", state.since(), "response_time_ms", state.responseTime().toMillis()))
        : ComponentReport.unhealthy("away since " + state.since());
  }
}
