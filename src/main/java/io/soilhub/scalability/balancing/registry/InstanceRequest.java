package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Problem.Violation;
import java.util.ArrayList;
import java.util.List;

/// What a caller sends to register an instance; what is left out has its default.
public record InstanceRequest(
    String instanceId,
    String host,
    Integer port,
    String healthEndpoint,
    Integer weight,
    String service,
    String zone,
    String metricsEndpoint) {

  /// @throws Problem of kind INVALID with everything that is wrong or missing
  InstanceSpec target() {
    List<Violation> missing = new ArrayList<>();
    require(missing, "instance_id", instanceId);
    require(missing, "host", host);
    require(missing, "port", port);
    if (!missing.isEmpty()) {
      throw Problem.invalid(missing);
    }
    return new InstanceSpec(
        instanceId,
        or(service, InstanceSpec.DEFAULT_SERVICE),
        host,
        port,
        or(healthEndpoint, InstanceSpec.DEFAULT_HEALTH_ENDPOINT),
        or(weight, 1),
        or(zone, ""),
        or(metricsEndpoint, ""));
  }

  private static void require(List<Violation> missing, String name, Object value) {
    if (value == null) {
      missing.add(new Violation("/" + name, name + " is required"));
    }
  }

  private static <T> T or(T value, T initial) {
    return value == null ? initial : value;
  }
}
