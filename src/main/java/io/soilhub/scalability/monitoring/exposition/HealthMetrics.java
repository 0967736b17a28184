package io.soilhub.scalability.monitoring.exposition;

import io.soilhub.scalability.resilience.health.ComponentHealth;
import io.soilhub.scalability.resilience.health.HealthStatus;
import io.soilhub.scalability.resilience.health.SystemHealth;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// The components as the health board last saw them, at most HEALTH_CHECK_INTERVAL ago.
final class HealthMetrics implements MetricSource {

  private final Supplier<Optional<SystemHealth>> latest;

  HealthMetrics(Supplier<Optional<SystemHealth>> latest) {
    this.latest = latest;
  }

  @Override
  public List<MetricFamily> families() {
    return latest.get().map(SystemHealth::serviceStatus).map(this::of).orElse(List.of());
  }

  private List<MetricFamily> of(Map<String, ComponentHealth> components) {
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

  private static MetricFamily family(
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
    return new MetricFamily(name, help, MetricFamily.Type.GAUGE, values);
  }
}
