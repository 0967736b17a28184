package io.soilhub.scalability.balancing;

import io.soilhub.scalability.fleet.Fleet;
import io.soilhub.scalability.fleet.Health;
import io.soilhub.scalability.fleet.Member;
import io.soilhub.scalability.fleet.Pool;
import io.soilhub.scalability.monitoring.Family;
import io.soilhub.scalability.monitoring.Family.Value;
import io.soilhub.scalability.monitoring.Labels;
import io.soilhub.scalability.monitoring.MetricSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The registered instances of each service as this replica sees them.
final class FleetFamilies implements MetricSource {

  private final Fleet fleet;

  FleetFamilies(Fleet fleet) {
    this.fleet = fleet;
  }

  @Override
  public List<Family> families() {
    List<Value> instances = new ArrayList<>();
    List<Value> active = new ArrayList<>();
    long now = fleet.now();
    for (Pool pool : fleet.pools()) {
      List<Member> members = pool.members();
      for (Health health : Health.values()) {
        long count = members.stream().filter(member -> member.health(now) == health).count();
        String text = health.name().toLowerCase(Locale.ROOT);
        instances.add(new Value(Labels.of("service", pool.service(), "health", text), count));
      }
      active.add(
          new Value(
              Labels.of("service", pool.service()),
              members.stream().mapToInt(member -> member.load().active()).sum()));
    }
    return List.of(
        new Family(
            "soilhub_instances",
            "Registered instances by health, as this replica sees them.",
            Family.Type.GAUGE,
            instances),
        new Family(
            "soilhub_gateway_active_forwards",
            "Requests of this replica that wait for an instance's answer.",
            Family.Type.GAUGE,
            active));
  }
}
