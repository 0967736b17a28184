package io.soilhub.scalability.resilience.health;

import java.util.Map;
import java.util.Optional;

/// What a component says about itself.
///
/// @param error why it is not healthy
/// @param details shown beside its status on GET /status, for instance `queue_stats`; written by
///   the service's JSON rules
/// @param totals counters since the start of this replica, shown on GET /metrics under `business`
public record ComponentReport(
    HealthStatus status,
    Optional<String> error,
    Map<String, Object> details,
    Map<String, Long> totals) {

  public ComponentReport {
    details = Map.copyOf(details);
    totals = Map.copyOf(totals);
  }

  public static ComponentReport healthy(Map<String, Object> details) {
    return new ComponentReport(HealthStatus.HEALTHY, Optional.empty(), details, Map.of());
  }

  public static ComponentReport degraded(String reason, Map<String, Object> details) {
    return new ComponentReport(HealthStatus.DEGRADED, Optional.of(reason), details, Map.of());
  }

  public static ComponentReport unhealthy(String reason) {
    return new ComponentReport(HealthStatus.UNHEALTHY, Optional.of(reason), Map.of(), Map.of());
  }

  /// The same with counters.
  public ComponentReport withTotals(Map<String, Long> counters) {
    return new ComponentReport(status, error, details, counters);
  }
}
