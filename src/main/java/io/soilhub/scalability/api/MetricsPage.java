package io.soilhub.scalability.api;

import io.soilhub.scalability.monitoring.exposition.MetricsWriter;
import io.soilhub.scalability.resilience.health.ComponentHealth;
import io.soilhub.scalability.resilience.health.SystemHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/// The answer of GET /metrics as JSON: this replica's numbers since its start, the same that
/// Prometheus is told, under the names and in the units of people. What is not known is left out.
///
/// @param business totals, and those that the components count by their names
record MetricsPage(
    SystemNumbers system,
    ApplicationNumbers application,
    Map<String, Object> business,
    Map<String, Map<String, Object>> components,
    Instant timestamp) {

  private static final int MIB = 1 << 20;
  private static final int GIB = 1 << 30;
  private static final int PERCENT = 100;
  private static final int MILLIS = 1000;

  /// Connections of this replica.
  ///
  /// @param waiting callers that wait for one
  record Connections(
      OptionalLong active, OptionalLong idle, OptionalLong waiting, OptionalLong max) {

    static Connections of(MetricsWriter all, String names) {
      return new Connections(
          whole(all.sum(names + "_in_use")),
          whole(all.sum(names + "_idle")),
          whole(all.sum(names + "_waiting")),
          whole(all.sum(names + "_limit")));
    }
  }

  /// The process and its machine or container. Shares are 0 to 100; MB are of 2^20 bytes, GB of
  /// 2^30.
  record SystemNumbers(
      OptionalDouble cpuUsagePercent,
      OptionalDouble hostCpuUsagePercent,
      OptionalDouble systemLoadAverage,
      OptionalDouble processors,
      OptionalDouble memoryUsageMb,
      OptionalDouble memoryLimitMb,
      OptionalDouble memoryUsagePercent,
      OptionalDouble processMemoryMb,
      OptionalDouble heapUsedMb,
      OptionalDouble heapMaxMb,
      OptionalDouble diskUsageGb,
      OptionalDouble diskLimitGb,
      OptionalDouble networkReceivedMb,
      OptionalDouble networkSentMb,
      OptionalLong threads,
      OptionalLong openFiles,
      Connections databaseConnections,
      Connections redisConnections) {

    static SystemNumbers of(MetricsWriter all) {
      return new SystemNumbers(
          scaled(all.sum("soilhub_process_cpu_ratio"), PERCENT),
          scaled(all.sum("soilhub_host_cpu_ratio"), PERCENT),
          scaled(all.sum("soilhub_host_load"), 1),
          scaled(all.sum("soilhub_cpus"), 1),
          scaled(all.sum("soilhub_memory_used_bytes"), 1.0 / MIB),
          scaled(all.sum("soilhub_memory_limit_bytes"), 1.0 / MIB),
          scaled(all.sum("soilhub_memory_used_ratio"), PERCENT),
          scaled(all.sum("soilhub_process_resident_memory_bytes"), 1.0 / MIB),
          scaled(all.sum("soilhub_jvm_memory_used_bytes", "area", "heap"), 1.0 / MIB),
          scaled(all.sum("soilhub_jvm_memory_limit_bytes", "area", "heap"), 1.0 / MIB),
          scaled(all.sum("soilhub_disk_used_bytes"), 1.0 / GIB),
          scaled(all.sum("soilhub_disk_limit_bytes"), 1.0 / GIB),
          scaled(all.sum("soilhub_network_received_bytes_total"), 1.0 / MIB),
          scaled(all.sum("soilhub_network_transmitted_bytes_total"), 1.0 / MIB),
          whole(all.sum("soilhub_threads")),
          whole(all.sum("soilhub_open_files")),
          Connections.of(all, "soilhub_database_connections"),
          Connections.of(all, "soilhub_redis_connections"));
    }
  }

  /// The requests to this replica, its cache, and the queues of the cluster.
  ///
  /// @param cacheHitRatePercent share of the reads that memory, Redis or PostgreSQL answered
  /// @param queueLength jobs that are due
  record ApplicationNumbers(
      long requests,
      double requestRatePerSecond,
      double averageResponseTimeMs,
      double errorRatePercent,
      long clientErrors,
      long serverErrors,
      long activeConnections,
      OptionalDouble cacheHitRatePercent,
      OptionalLong queueLength) {

    private static final String REQUESTS = "soilhub_http_requests_total";
    private static final String CACHE = "soilhub_cache_requests_total";

    static ApplicationNumbers of(MetricsWriter all, Duration uptime) {
      double requests = all.sum(REQUESTS).orElse(0);
      double serverErrors = all.sum(REQUESTS, "status", "5xx").orElse(0);
      double seconds = all.sum("soilhub_http_request_seconds_total").orElse(0);
      return new ApplicationNumbers(
          (long) requests,
          rounded(requests / Math.max(1, uptime.toMillis() / 1000.0)),
          rounded(MILLIS * seconds / Math.max(1, requests)),
          rounded(PERCENT * serverErrors / Math.max(1, requests)),
          (long) all.sum(REQUESTS, "status", "4xx").orElse(0),
          (long) serverErrors,
          (long) all.sum("soilhub_http_active_requests").orElse(0),
          cacheHitRate(all),
          whole(all.sum("soilhub_queue_waiting")));
    }

    /// Each level's hits, of the reads, all of which came to the first level.
    private static OptionalDouble cacheHitRate(MetricsWriter all) {
      OptionalDouble hits = all.sum(CACHE, "outcome", "hit");
      double reads = all.sum("soilhub_cache_operations_total", "operation", "read").orElse(0);
      return reads == 0 ? OptionalDouble.empty() : scaled(hits, PERCENT / reads);
    }
  }

  static Map<String, Object> business(MetricsWriter all, SystemHealth health) {
    Map<String, Object> business = new LinkedHashMap<>();
    put(business, "recommendations_generated", all.sum("soilhub_recommendations_total"));
    put(business, "cache_operations", cacheOperations(all));
    put(business, "jobs_processed", all.sum("soilhub_jobs_processed_total"));
    Map<String, Object> totals = new TreeMap<>();
    for (ComponentHealth component : health.serviceStatus().values()) {
      totals.putAll(component.report().totals());
    }
    business.putAll(totals);
    business.put("system_health", health.overallHealth());
    return business;
  }

  /// What callers did with the cache.
  private static OptionalDouble cacheOperations(MetricsWriter all) {
    String name = "soilhub_cache_operations_total";
    OptionalDouble reads = all.sum(name, "operation", "read");
    return reads.isEmpty()
        ? reads
        : OptionalDouble.of(
            reads.getAsDouble()
                + all.sum(name, "operation", "put").orElse(0)
                + all.sum(name, "operation", "invalidation").orElse(0));
  }

  private static void put(Map<String, Object> to, String name, OptionalDouble count) {
    count.ifPresent(value -> to.put(name, (long) value));
  }

  private static OptionalDouble scaled(OptionalDouble value, double by) {
    return value.isPresent() ? OptionalDouble.of(rounded(value.getAsDouble() * by)) : value;
  }

  private static OptionalLong whole(OptionalDouble value) {
    return value.isPresent() ? OptionalLong.of((long) value.getAsDouble()) : OptionalLong.empty();
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
