package io.soilhub.scalability.exposition;

import io.soilhub.scalability.monitoring.Family;
import io.soilhub.scalability.monitoring.Family.Value;
import io.soilhub.scalability.monitoring.Labels;
import io.soilhub.scalability.monitoring.MetricSource;
import io.soilhub.scalability.resilience.ComponentHealth;
import io.soilhub.scalability.resilience.HealthStatus;
import io.soilhub.scalability.resilience.SystemHealth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// The components as the health board last saw them, at most HEALTH_CHECK_INTERVAL ago.
final class HealthFamilies implements MetricSource {

  private final Supplier<Optional<SystemHealth>> latest;

  HealthFamilies(Supplier<Optional<SystemHealth>> latest) {
    this.latest = latest;
  }

  @Override
  public List<Family> families() {
    return latest.get().map(SystemHealth::serviceStatus).map(this::of).orElse(List.of());
  }

  private List<Family> of(Map<String, ComponentHealth> components) {
    return List.of(
        family(
            "soilhub_component_up",
            "1 when the component is healthy or degraded, 0 when it is unhealthy.",
            components,
            health -> health.status() == HealthStatus.UNHEALTHY ? 0 : 1),
        family(
            "soilhub_component_degraded",
            "1 when the component works, but not as it should.",
            components,
            health -> health.status() == HealthStatus.DEGRADED ? 1 : 0),
        family(
            "soilhub_component_check_seconds",
            "How long the last look at the component took.",
            components,
            health -> health.responseTimeMs() / 1e3));
  }

  private static Family family(
      String name,
      String help,
      Map<String, ComponentHealth> components,
      ToDoubleFunction<ComponentHealth> value) {
    List<Value> values =
        components.entrySet().stream()
            .map(
                component ->
                    new Value(
                        Labels.of("component", component.getKey()),
                        value.applyAsDouble(component.getValue())))
            .toList();
    return new Family(name, help, Family.Type.GAUGE, values);
  }
}
