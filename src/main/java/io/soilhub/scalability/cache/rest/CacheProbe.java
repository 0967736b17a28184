package io.soilhub.scalability.cache.rest;

import io.soilhub.scalability.cache.tiers.CacheStatistics;
import io.soilhub.scalability.cache.tiers.DistributedCache;
import io.soilhub.scalability.resilience.health.ComponentProbe;
import io.soilhub.scalability.resilience.health.ComponentReport;
import java.util.Map;

/// How the cache is. Without a Redis server it is degraded: what that server has is read from
/// PostgreSQL or from its source, and it is told of changes when it is back.
final class CacheProbe implements ComponentProbe {

  private final DistributedCache cache;

  CacheProbe(DistributedCache cache) {
    this.cache = cache;
  }

  @Override
  public String name() {
    return "distributed_cache";
  }

  @Override
  public ComponentReport report() {
    if (!cache.settings().enabled()) {
      return ComponentReport.healthy(Map.of());
    }
    CacheStatistics statistics = cache.statistics();
    long away = statistics.servers().stream().filter(server -> !server.available()).count();
    Map<String, Object> details = Map.of("stats", statistics, "redis_is_owed", cache.owesRedis());
    return away == 0
        ? ComponentReport.healthy(details)
        : ComponentReport.degraded(
            "%d of %d Redis servers are away".formatted(away, statistics.servers().size()),
            details);
  }
}
