package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.resilience.health.ComponentReport;
import io.soilhub.scalability.resilience.health.HealthStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessorProbeTest {

  private static final QueueAdmin.Standing CLEANUP =
      new QueueAdmin.Standing(
          JobQueue.CLEANUP,
          Map.of(Priority.LOW, 3L),
          0,
          1,
          7,
          2,
          0.5,
          4,
          2,
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private boolean redisUp = true;

  @Test
  void itShowsEveryQueueByItsName() {
    ComponentReport report = probe(true).report();
    assertThat(report.status()).isEqualTo(HealthStatus.HEALTHY);
    assertThat(report.details()).containsEntry("processor_status", "running");
    assertThat(Json.tree(report.details()).at("/queue_stats/cleanup/completed_total").asInt())
        .isEqualTo(7);
  }

  @Test
  void withoutRedisItWaits() {
    redisUp = false;
    ComponentReport report = probe(true).report();
    assertThat(report.status()).isEqualTo(HealthStatus.DEGRADED);
    assertThat(report.details())
        .containsEntry("processor_status", "waiting")
        .containsKey("queue_stats");
  }

  @Test
  void turnedOffItIsNotIll() {
    ComponentReport report = probe(false).report();
    assertThat(report.status()).isEqualTo(HealthStatus.HEALTHY);
    assertThat(report.details()).containsEntry("processor_status", "disabled");
  }

  private ProcessorProbe probe(boolean enabled) {
    return new ProcessorProbe(enabled, () -> List.of(CLEANUP), () -> redisUp);
  }
}
