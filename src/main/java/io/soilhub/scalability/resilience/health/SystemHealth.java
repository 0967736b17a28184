package io.soilhub.scalability.resilience.health;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// The health of all components at one moment, as GET /health shows it.
///
/// @param healthPercentage share of the checks that are healthy, 0 to 100
/// @param recentFailures at most ten, newest first
public record SystemHealth(
    HealthStatus overallHealth,
    int totalChecks,
    int healthyChecks,
    double healthPercentage,
    Map<String, ComponentHealth> serviceStatus,
    List<RecentFailure> recentFailures,
    Map<String, Object> circuitBreakers,
    Instant generatedAt) {

  static SystemHealth of(
      Map<String, ComponentHealth> checks, List<RecentFailure> failures, Instant now) {
    int healthy = (int) checks.values().stream().filter(SystemHealth::isHealthy).count();
    double share = checks.isEmpty() ? 100 : Math.round(1000.0 * healthy / checks.size()) / 10.0;
    return new SystemHealth(
        overall(checks.values()),
        checks.size(),
        healthy,
        share,
        checks,
        List.copyOf(failures),
        Map.of(),
        now);
  }

  /// Unhealthy when an essential component is, degraded when any is not healthy.
  static HealthStatus overall(Collection<ComponentHealth> checks) {
    if (checks.stream().anyMatch(c -> c.essential() && c.status() == HealthStatus.UNHEALTHY)) {
      return HealthStatus.UNHEALTHY;
    }
    return checks.stream().allMatch(SystemHealth::isHealthy)
        ? HealthStatus.HEALTHY
        : HealthStatus.DEGRADED;
  }

  private static boolean isHealthy(ComponentHealth check) {
    return check.status() == HealthStatus.HEALTHY;
  }
}
