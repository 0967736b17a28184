package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Violations;

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
    Violations missing = new Violations();
    missing.requireMember(instanceId != null, "instance_id", "is required");
    missing.requireMember(host != null, "host", "is required");
    missing.requireMember(port != null, "port", "is required");
    missing.raise();
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

  private static <T> T or(T value, T initial) {
    return value == null ? initial : value;
  }
}
