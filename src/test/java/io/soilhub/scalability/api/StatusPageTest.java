package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.resilience.health.ComponentHealth;
import io.soilhub.scalability.resilience.health.ComponentReport;
import io.soilhub.scalability.resilience.health.HealthStatus;
import io.soilhub.scalability.resilience.health.SystemHealth;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusPageTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  @Test
  void aComponentShowsWhatItReports() {
    ComponentReport report = ComponentReport.degraded("Redis is away", Map.of("queue_stats", 7));
    assertThat(components(Map.of(), Map.of("async_processor", report)).get("async_processor"))
        .isEqualTo(
            Map.of(
                "status",
                HealthStatus.DEGRADED,
                "error_message",
                "Redis is away",
                "queue_stats",
                7));
  }

  @Test
  void aComponentThatIsNotThereSaysSo() {
    assertThat(components(Map.of(), Map.of()).get("capacity_planner"))
        .isEqualTo(Map.of("status", "not_available"));
  }

  @Test
  void aComponentThatIsTurnedOffSaysSoWhateverItReports() {
    ComponentReport report = ComponentReport.healthy(Map.of("queue_stats", 7));
    assertThat(
            components(
                    Map.of("ENABLE_ASYNC_PROCESSING", "false"), Map.of("async_processor", report))
                .get("async_processor"))
        .isEqualTo(Map.of("status", "disabled"));
  }

  private static Map<String, Map<String, Object>> components(
      Map<String, String> variables, Map<String, ComponentReport> reports) {
    Map<String, ComponentHealth> checks =
        reports.entrySet().stream()
            .collect(
                java.util.stream.Collectors.toMap(Map.Entry::getKey, e -> health(e.getValue())));
    SystemHealth health =
        new SystemHealth(HealthStatus.HEALTHY, 0, 0, 100, checks, List.of(), Map.of(), NOW);
    return StatusPage.components(Settings.from(variables), health);
  }

  private static ComponentHealth health(ComponentReport report) {
    return new ComponentHealth(report.status(), NOW, 1, report.error(), report, false);
  }
}
