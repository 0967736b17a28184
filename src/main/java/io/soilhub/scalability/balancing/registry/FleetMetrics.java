package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.balancing.fleet.Endpoint;
import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.fleet.Health;
import io.soilhub.scalability.balancing.fleet.Pool;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The registered instances of each service as this replica sees them.
final class FleetMetrics implements MetricSource {

  private final Fleet fleet;

  FleetMetrics(Fleet fleet) {
    this.fleet = fleet;
  }

  @Override
  public List<MetricFamily> families() {
    List<Value> instances = new ArrayList<>();
    List<Value> active = new ArrayList<>();
    long now = fleet.now();
    for (Pool pool : fleet.pools()) {
      List<Endpoint> members = pool.members();
      for (Health health : Health.values()) {
        long count = members.stream().filter(endpoint -> endpoint.health(now) == health).count();
        String text = health.name().toLowerCase(Locale.ROOT);
        instances.add(new Value(Labels.of("service", pool.service(), "health", text), count));
      }
      active.add(
          new Value(
              Labels.of("service", pool.service()),
              members.stream().mapToInt(endpoint -> endpoint.load().active()).sum()));
    }
    return List.of(
        new MetricFamily(
            "soilhub_instances",
            "Registered instances by health, as this replica sees them.",
            MetricFamily.Type.GAUGE,
            instances),
        new MetricFamily(
            "soilhub_gateway_active_forwards",
            "Requests of this replica that wait for an instance's answer.",
            MetricFamily.Type.GAUGE,
            active));
  }
}
