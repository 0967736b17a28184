package io.soilhub.scalability.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.Json;
import io.soilhub.scalability.resilience.ComponentReport;
import io.soilhub.scalability.resilience.HealthStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessorProbeTest {

  private static final QueueBoard.Standing CLEANUP =
      new QueueBoard.Standing(
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
