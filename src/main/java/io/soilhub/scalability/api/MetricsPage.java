package io.soilhub.scalability.api;

import com.sun.management.OperatingSystemMXBean;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.resilience.ComponentHealth;
import io.soilhub.scalability.resilience.SystemHealth;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// The answer of GET /metrics: this replica's numbers since its start.
///
/// @param business totals that the components count, by their names
record MetricsPage(
    SystemNumbers system,
    ApplicationNumbers application,
    Map<String, Object> business,
    Map<String, Map<String, Object>> components,
    Instant timestamp) {

  /// The process and its machine. Shares are 0 to 100; a load that the machine does not tell is
  /// left out.
  record SystemNumbers(
      double cpuUsagePercent,
      OptionalDouble systemLoadAverage,
      int processors,
      long heapUsedMb,
      long heapMaxMb,
      int threads,
      Database.PoolState databaseConnections) {

    static SystemNumbers now(Database.PoolState pool) {
      var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
      return new SystemNumbers(
          rounded(100 * Math.max(0, machine.getProcessCpuLoad())),
          load(machine.getSystemLoadAverage()),
          machine.getAvailableProcessors(),
          heap.getUsed() >> 20,
          heap.getMax() >> 20,
          ManagementFactory.getThreadMXBean().getThreadCount(),
          pool);
    }

    /// Negative where the machine does not tell.
    private static OptionalDouble load(double average) {
      return average < 0 ? OptionalDouble.empty() : OptionalDouble.of(rounded(average));
    }
  }

  /// The requests to this replica.
  record ApplicationNumbers(
      long requests,
      double requestRatePerSecond,
      double averageResponseTimeMs,
      double errorRatePercent,
      long clientErrors,
      long serverErrors,
      int activeConnections) {

    static ApplicationNumbers of(RequestMeter.Counts counts, Duration uptime) {
      double seconds = Math.max(1, uptime.toMillis() / 1000.0);
      double requests = Math.max(1, counts.requests());
      return new ApplicationNumbers(
          counts.requests(),
          rounded(counts.requests() / seconds),
          rounded(counts.totalTime().toNanos() / 1e6 / requests),
          rounded(100 * counts.serverErrors() / requests),
          counts.clientErrors(),
          counts.serverErrors(),
          counts.active());
    }
  }

  static Map<String, Object> business(SystemHealth health) {
    Map<String, Object> totals = new TreeMap<>();
    for (ComponentHealth component : health.serviceStatus().values()) {
      totals.putAll(component.report().totals());
    }
    Map<String, Object> business = new LinkedHashMap<>(totals);
    business.put("system_health", health.overallHealth());
    return business;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
