package io.soilhub.scalability.cache.rest;

import io.soilhub.scalability.cache.tiers.CacheStatistics;
import io.soilhub.scalability.cache.tiers.CacheStatistics.LevelCounts;
import io.soilhub.scalability.cache.tiers.CacheStatistics.Server;
import io.soilhub.scalability.cache.tiers.CacheStatistics.TypeCounts;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// What the cache of this replica did since it started, for Prometheus.
final class CacheMetrics implements MetricSource {

  private final Supplier<CacheStatistics> statistics;

  CacheMetrics(Supplier<CacheStatistics> statistics) {
    this.statistics = statistics;
  }

  @Override
  public List<MetricFamily> families() {
    CacheStatistics now = statistics.get();
    return List.of(
        new MetricFamily(
            "soilhub_cache_requests_total",
            "Reads that came to a level, by whether it could answer them.",
            MetricFamily.Type.COUNTER,
            requests(now.levels())),
        new MetricFamily(
            "soilhub_cache_operations_total",
            "What was done with the cache, and what it did by itself.",
            MetricFamily.Type.COUNTER,
            operations(now.dataTypes().values())),
        new MetricFamily(
            "soilhub_cache_entries",
            "Entries in the memory of this replica.",
            MetricFamily.Type.GAUGE,
            entries(now.dataTypes())),
        servers(
            now,
            "soilhub_cache_server_up",
            "1 while the Redis server with this number is used for the cache.",
            server -> server.available() ? 1 : 0),
        servers(
            now,
            "soilhub_cache_lag_seconds",
            "Age of what this replica knows of the changes on that server.",
            server -> server.lagMs() / 1e3));
  }

  private static Value server(int number, double value) {
    return new Value(Labels.of("server", Integer.toString(number)), value);
  }

  private static List<Value> requests(Map<String, LevelCounts> levels) {
    List<Value> values = new ArrayList<>();
    levels.forEach(
        (level, counts) -> {
          values.add(new Value(Labels.of("level", level, "outcome", "hit"), counts.hits()));
          values.add(new Value(Labels.of("level", level, "outcome", "miss"), counts.misses()));
        });
    return values;
  }

  private static List<Value> operations(Collection<TypeCounts> types) {
    return List.of(
        operation("read", types, t -> t.l1Hits() + t.l2Hits() + t.l3Hits() + t.misses()),
        operation("load", types, TypeCounts::loads),
        operation("load_failure", types, TypeCounts::loadFailures),
        operation("refused_fill", types, TypeCounts::refusedFills),
        operation("stale_read", types, TypeCounts::staleServed),
        operation("put", types, TypeCounts::puts),
        operation("invalidation", types, TypeCounts::invalidations),
        operation("eviction", types, TypeCounts::evictions));
  }

  private static Value operation(
      String name, Collection<TypeCounts> types, ToLongFunction<TypeCounts> count) {
    return new Value(Labels.of("operation", name), types.stream().mapToLong(count).sum());
  }

  private static List<Value> entries(Map<String, TypeCounts> types) {
    return types.entrySet().stream()
        .map(type -> new Value(Labels.of("data_type", type.getKey()), type.getValue().size()))
        .toList();
  }

  private static MetricFamily servers(
      CacheStatistics now, String name, String help, ToDoubleFunction<Server> value) {
    List<Value> values =
        now.servers().stream()
            .map(server -> server(server.number(), value.applyAsDouble(server)))
            .toList();
    return new MetricFamily(name, help, MetricFamily.Type.GAUGE, values);
  }
}
