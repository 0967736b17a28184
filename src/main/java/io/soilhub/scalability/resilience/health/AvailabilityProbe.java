package io.soilhub.scalability.resilience.health;

import io.soilhub.scalability.platform.core.DependencyMonitor;
import java.util.Map;

/// Shows what the watch on PostgreSQL or Redis last saw.
final class AvailabilityProbe implements ComponentProbe {

  private final DependencyMonitor dependencyMonitor;
  private final boolean essential;

  AvailabilityProbe(DependencyMonitor dependencyMonitor, boolean essential) {
    this.dependencyMonitor = dependencyMonitor;
    this.essential = essential;
  }

  @Override
  public String name() {
    return dependencyMonitor.name();
  }

  @Override
  public boolean essential() {
    return essential;
  }

  /// The cause stays in the log: a driver's message can name hosts and users.
  @Override
  public ComponentReport report() {
    DependencyMonitor.DependencyState state = dependencyMonitor.state();
    if (!state.checked()) {
      return ComponentReport.degraded("not checked yet", Map.of());
    }
    return state.available()
        ? ComponentReport.healthy(
            Map.of("since", state.since(), "response_time_ms", state.responseTime().toMillis()))
        : ComponentReport.unhealthy("away since " + state.since());
  }
}
