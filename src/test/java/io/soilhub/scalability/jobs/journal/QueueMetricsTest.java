package io.soilhub.scalability.jobs.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Sample;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QueueMetricsTest {

  private Duration age = Duration.ofSeconds(2);
  private Optional<Map<String, QueueCounts>> counts =
      Optional.of(Map.of("cleanup", new QueueCounts(Map.of(0, 3L, 2, 4L), 5, 6, 70, 8, 9.5, 10)));
  private long now;
  private final QueueMetrics families =
      new QueueMetrics(
          () -> new QueueSnapshot(counts.orElseThrow(), Instant.EPOCH, age), () -> now);

  @Test
  void itTellsTheLastLook() {
    families.step();
    Labels cleanup = Labels.of("queue", "cleanup");
    assertThat(series("soilhub_queue_waiting")).containsExactly(new Value(cleanup, 7));
    assertThat(series("soilhub_queue_delayed")).containsExactly(new Value(cleanup, 5));
    assertThat(series("soilhub_queue_running")).containsExactly(new Value(cleanup, 6));
    assertThat(series("soilhub_queue_oldest_seconds")).containsExactly(new Value(cleanup, 9.5));
    assertThat(series("soilhub_jobs_processed_total"))
        .containsExactly(
            new Value(Labels.of("queue", "cleanup", "outcome", "completed"), 70),
            new Value(Labels.of("queue", "cleanup", "outcome", "failed"), 8));
  }

  @Test
  void whatIsTooOldIsNotToldAsThePresent() {
    families.step();
    counts = Optional.empty();
    now += TimeUnit.SECONDS.toNanos(30);
    assertThatThrownBy(families::step).isInstanceOf(RuntimeException.class);
    assertThat(series("soilhub_queue_waiting")).isNotEmpty();
    now += 1;
    assertThat(families.families()).isEmpty();
  }

  @Test
  void theAgeOfTheCountIsToldAndACountThatIsTooOldIsNot() {
    families.step();
    now += TimeUnit.SECONDS.toNanos(3);
    assertThat(series("soilhub_queue_count_age_seconds"))
        .containsExactly(new Value(Labels.NONE, 5));
    age = Duration.ofMinutes(6);
    families.step();
    assertThat(families.families()).isEmpty();
  }

  @Test
  void beforeTheFirstLookThereIsNothingToTell() {
    assertThat(families.families()).isEmpty();
  }

  private List<Sample> series(String name) {
    return families.families().stream()
        .filter(family -> family.name().equals(name))
        .flatMap(family -> family.samples().stream())
        .map(Sample.class::cast)
        .toList();
  }
}
