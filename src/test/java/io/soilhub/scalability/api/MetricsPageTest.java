package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.monitoring.exposition.MetricsRegistry;
import io.soilhub.scalability.monitoring.exposition.MetricsWriter;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsPageTest {

  private static final int MIB = 1 << 20;

  @Test
  void theSystemIsToldInTheUnitsOfPeople() {
    JsonNode system =
        Json.tree(
            MetricsPage.SystemNumbers.of(
                of(
                    MetricFamily.gauge("soilhub_process_cpu_ratio", "", 0.25),
                    MetricFamily.gauge("soilhub_memory_used_bytes", "", 3.0 * MIB),
                    MetricFamily.gauge("soilhub_disk_used_bytes", "", 1024.0 * MIB),
                    MetricFamily.gauge("soilhub_threads", "", 50),
                    MetricFamily.gauge("soilhub_database_connections_in_use", "", 2),
                    MetricFamily.gauge("soilhub_redis_connections_in_use", "", 7))));
    assertThat(system.toString())
        .isEqualTo(
            """
            {"cpu_usage_percent":25.0,"memory_usage_mb":3.0,"disk_usage_gb":1.0,"threads":50,\
            "database_connections":{"active":2},"redis_connections":{"active":7}}\
            """);
  }

  @Test
  void theApplicationIsToldSinceItsStart() {
    JsonNode application =
        Json.tree(
            MetricsPage.ApplicationNumbers.of(
                of(
                    counters("soilhub_http_requests_total", "status", "2xx", 6, "5xx", 2),
                    MetricFamily.counter("soilhub_http_request_seconds_total", "", 4),
                    counters("soilhub_cache_requests_total", "outcome", "hit", 3, "miss", 9),
                    counters("soilhub_cache_operations_total", "operation", "read", 4, "put", 1),
                    MetricFamily.gauge("soilhub_queue_waiting", "", 5)),
                Duration.ofSeconds(16)));
    assertThat(application.toString())
        .isEqualTo(
            """
            {"requests":8,"request_rate_per_second":0.5,"average_response_time_ms":500.0,\
            "error_rate_percent":25.0,"client_errors":0,"server_errors":2,"active_connections":0,\
            "cache_hit_rate_percent":75.0,"queue_length":5}\
            """);
  }

  private static MetricsWriter of(MetricFamily... families) {
    return new MetricsRegistry(List.of(() -> List.of(families))).metricsWriter();
  }

  private static MetricFamily counters(
      String name, String label, String one, double first, String other, double second) {
    return new MetricFamily(
        name,
        "",
        MetricFamily.Type.COUNTER,
        List.of(
            new Value(Labels.of(label, one), first), new Value(Labels.of(label, other), second)));
  }
}
