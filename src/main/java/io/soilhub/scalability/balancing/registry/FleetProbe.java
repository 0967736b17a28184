package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.balancing.fleet.Endpoint;
import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.fleet.Health;
import io.soilhub.scalability.balancing.fleet.Pool;
import io.soilhub.scalability.resilience.health.ComponentProbe;
import io.soilhub.scalability.resilience.health.ComponentReport;
import java.util.List;
import java.util.Map;

/// How the fleet is: degraded when a service has no healthy instance or so few that all are used.
final class FleetProbe implements ComponentProbe {

  private final Fleet fleet;

  FleetProbe(Fleet fleet) {
    this.fleet = fleet;
  }

  @Override
  public String name() {
    return "scalability_manager";
  }

  @Override
  public ComponentReport report() {
    List<Endpoint> all = fleet.members();
    long healthy = all.stream().filter(this::isHealthy).count();
    Map<String, Object> details = Map.of("instances", all.size(), "healthy_instances", healthy);
    List<String> troubled =
        fleet.pools().stream()
            .filter(pool -> pool.panics() || pool.members().stream().noneMatch(this::isUsable))
            .map(Pool::service)
            .sorted()
            .toList();
    return troubled.isEmpty()
        ? ComponentReport.healthy(details)
        : ComponentReport.degraded(
            "too few usable instances of " + String.join(", ", troubled), details);
  }

  private boolean isHealthy(Endpoint endpoint) {
    return endpoint.health(fleet.now()) == Health.HEALTHY;
  }

  private boolean isUsable(Endpoint endpoint) {
    return isHealthy(endpoint) || endpoint.health(fleet.now()) == Health.UNKNOWN;
  }
}
