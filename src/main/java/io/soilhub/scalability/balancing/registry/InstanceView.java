package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.balancing.fleet.Endpoint;
import io.soilhub.scalability.balancing.fleet.Health;
import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import java.time.Instant;
import java.util.Optional;

/// An instance as clients see it.
///
/// @param healthReason why it is ejected
/// @param responseTimeMs of the last probe
/// @param activeConnections requests under way from all replicas
/// @param requests of all replicas since it was first registered
/// @param errors answers 5xx, and requests without an answer
public record InstanceView(
    String instanceId,
    String service,
    String host,
    int port,
    String healthEndpoint,
    int weight,
    String zone,
    String metricsEndpoint,
    Instance.Source source,
    Health health,
    Optional<String> healthReason,
    double responseTimeMs,
    int activeConnections,
    long requests,
    long errors,
    long bytes,
    Optional<Instant> lastCheck,
    Instant registeredAt,
    Optional<Instant> drainUntil) {

  static InstanceView of(Endpoint endpoint, long now) {
    Instance instance = endpoint.instance();
    InstanceSpec instanceSpec = instance.target();
    Endpoint.Totals totals = endpoint.totals();
    return new InstanceView(
        instanceSpec.instanceId(),
        instanceSpec.service(),
        instanceSpec.host(),
        instanceSpec.port(),
        instanceSpec.healthEndpoint(),
        instanceSpec.weight(),
        instanceSpec.zone(),
        instanceSpec.metricsEndpoint(),
        instance.source(),
        endpoint.health(now),
        endpoint.ejectionReason(now),
        Math.rint(endpoint.healthCheckResult().responseTimeMs() * 1000) / 1000,
        endpoint.active(),
        totals.requests(),
        totals.errors(),
        totals.bytes(),
        endpoint.healthCheckResult().lastCheck(),
        instance.registeredAt(),
        instance.drainUntil());
  }
}
