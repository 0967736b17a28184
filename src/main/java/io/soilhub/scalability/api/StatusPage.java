package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.core.Node;
import io.soilhub.scalability.platform.postgres.Nodes;
import io.soilhub.scalability.platform.settings.FeatureFlags;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.resilience.health.ComponentHealth;
import io.soilhub.scalability.resilience.health.HealthStatus;
import io.soilhub.scalability.resilience.health.SystemHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The answer of GET /status.
///
/// @param leader id of the replica that leads; left out while none is known
/// @param components by the names that clients know; one that this version does not have says
///   `not_available`, one that is turned off `disabled`
record StatusPage(
    HealthStatus status,
    String version,
    String nodeId,
    Optional<String> leader,
    long uptimeSeconds,
    List<NodeSeen> nodes,
    Map<String, Boolean> enabled,
    Map<String, Map<String, Object>> components,
    Instant timestamp) {

  /// A replica that left a heartbeat in the last seconds.
  record NodeSeen(String nodeId, String address, Instant lastSeen) {}

  /// A switch: its name in the answer, its variable, and the component that it turns off.
  private record Switch(String name, Setting<Boolean> flag, String component) {}

  private static final List<Switch> SWITCHES =
      List.of(
          new Switch("load_balancing", FeatureFlags.LOAD_BALANCING, "scalability_manager"),
          new Switch("auto_scaling", FeatureFlags.AUTO_SCALING, ""),
          new Switch("distributed_cache", FeatureFlags.DISTRIBUTED_CACHE, "distributed_cache"),
          new Switch("async_processing", FeatureFlags.ASYNC_PROCESSING, "async_processor"),
          new Switch("capacity_planning", FeatureFlags.CAPACITY_PLANNING, "capacity_planner"),
          new Switch("fault_tolerance", FeatureFlags.FAULT_TOLERANCE, "fault_tolerance"));

  private static final List<String> COMPONENTS =
      List.of(
          "scalability_manager",
          "distributed_cache",
          "async_processor",
          "capacity_planner",
          "fault_tolerance",
          "performance_monitor");

  static StatusPage of(Nodes nodes, Settings settings, SystemHealth health, Instant now) {
    Node self = nodes.self();
    return new StatusPage(
        health.overallHealth(),
        self.version(),
        self.id(),
        nodes.seen().stream().filter(Nodes.Seen::leader).map(Nodes.Seen::nodeId).findFirst(),
        Duration.between(self.startedAt(), now).toSeconds(),
        nodes.seen().stream()
            .map(n -> new NodeSeen(n.nodeId(), n.address(), n.lastSeen()))
            .toList(),
        enabled(settings),
        components(settings, health),
        now);
  }

  static Map<String, Map<String, Object>> components(Settings settings, SystemHealth health) {
    Map<String, Map<String, Object>> components = new LinkedHashMap<>();
    for (String name : COMPONENTS) {
      boolean off =
          SWITCHES.stream().anyMatch(s -> s.component().equals(name) && !s.flag().read(settings));
      Map<String, Object> component = new LinkedHashMap<>();
      if (off) {
        component.put("status", "disabled");
      } else {
        component.putAll(reported(health.serviceStatus().get(name)));
      }
      if (name.equals("fault_tolerance") && !off) {
        component.put("overall_health", health.overallHealth());
      }
      components.put(name, component);
    }
    return components;
  }

  private static Map<String, Object> reported(ComponentHealth component) {
    if (component == null) {
      return Map.of("status", "not_available");
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("status", component.status());
    component.errorMessage().ifPresent(error -> all.put("error_message", error));
    all.putAll(component.report().details());
    return all;
  }

  private static Map<String, Boolean> enabled(Settings settings) {
    Map<String, Boolean> enabled = new LinkedHashMap<>();
    SWITCHES.forEach(s -> enabled.put(s.name(), s.flag().read(settings)));
    return enabled;
  }
}
