package io.soilhub.scalability.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.monitoring.Family.Sample;
import io.soilhub.scalability.monitoring.Family.Value;
import io.soilhub.scalability.monitoring.Labels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QueueFamiliesTest {

  private Optional<Map<String, QueueCounts>> counts =
      Optional.of(Map.of("cleanup", new QueueCounts(Map.of(0, 3L, 2, 4L), 5, 6, 70, 8, 9.5, 10)));
  private long now;
  private final QueueFamilies families = new QueueFamilies(() -> counts.orElseThrow(), () -> now);

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
  void beforeTheFirstLookThereIsNothingToTell() {
    assertThat(families.families()).allSatisfy(family -> assertThat(family.samples()).isEmpty());
  }

  private List<Sample> series(String name) {
    return families.families().stream()
        .filter(family -> family.name().equals(name))
        .flatMap(family -> family.samples().stream())
        .map(Sample.class::cast)
        .toList();
  }
}
