package io.soilhub.scalability.balancing;

import io.soilhub.scalability.fleet.Health;
import io.soilhub.scalability.fleet.Instance;
import io.soilhub.scalability.fleet.Member;
import io.soilhub.scalability.fleet.Target;
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

  static InstanceView of(Member member, long now) {
    Instance instance = member.instance();
    Target target = instance.target();
    Member.Totals totals = member.totals();
    return new InstanceView(
        target.instanceId(),
        target.service(),
        target.host(),
        target.port(),
        target.healthEndpoint(),
        target.weight(),
        target.zone(),
        target.metricsEndpoint(),
        instance.source(),
        member.health(now),
        member.ejectionReason(now),
        Math.rint(member.verdict().responseTimeMs() * 1000) / 1000,
        member.active(),
        totals.requests(),
        totals.errors(),
        totals.bytes(),
        member.verdict().lastCheck(),
        instance.registeredAt(),
        instance.drainUntil());
  }
}
