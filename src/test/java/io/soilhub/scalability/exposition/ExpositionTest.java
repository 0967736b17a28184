package io.soilhub.scalability.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.monitoring.Family;
import io.soilhub.scalability.monitoring.Family.Value;
import io.soilhub.scalability.monitoring.Labels;
import io.soilhub.scalability.monitoring.MetricSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpositionTest {

  private static final Family ONE = gauge("soilhub_things", "a", 1);
  private static final Family OTHER = gauge("soilhub_things", "b", 2);
  private static final Family AGAIN = gauge("soilhub_things", "a", 50);

  @Test
  void familiesOfOneNameBecomeOneAndASeriesIsToldOnce() {
    Families families = gathered(() -> List.of(ONE), () -> List.of(OTHER, AGAIN));
    assertThat(families.text(Representation.PROMETHEUS).lines().filter(l -> l.contains("things")))
        .containsExactly(
            "# HELP soilhub_things Things.",
            "# TYPE soilhub_things gauge",
            "soilhub_things{kind=\"a\"} 1",
            "soilhub_things{kind=\"b\"} 2");
  }

  @Test
  void aSourceThatFailsCostsItsOwnFamiliesAndIsCounted() {
    Families families =
        gathered(
            () -> {
              throw new IllegalStateException("broken on purpose");
            },
            () -> List.of(ONE));
    assertThat(families.sum("soilhub_things")).hasValue(1);
    assertThat(families.sum("soilhub_metric_sources_failing")).hasValue(1);
  }

  @Test
  void aSourceThatRecoversIsNotCountedAnyMore() {
    List<Family> none = List.of();
    boolean[] broken = {true};
    Exposition exposition =
        new Exposition(
            List.of(
                () -> {
                  if (broken[0]) {
                    throw new IllegalStateException("broken on purpose");
                  }
                  return none;
                }));
    assertThat(exposition.families().sum("soilhub_metric_sources_failing")).hasValue(1);
    broken[0] = false;
    assertThat(exposition.families().sum("soilhub_metric_sources_failing")).hasValue(0);
  }

  @Test
  void sumsAreOfTheSeriesThatWereAskedFor() {
    Families families = gathered(() -> List.of(ONE, OTHER));
    assertThat(families.sum("soilhub_things")).hasValue(3);
    assertThat(families.sum("soilhub_things", "kind", "b")).hasValue(2);
    assertThat(families.sum("soilhub_things", "kind", "c")).isEmpty();
    assertThat(families.sum("soilhub_nothing")).isEmpty();
  }

  private static Families gathered(MetricSource... sources) {
    return new Exposition(List.of(sources)).families();
  }

  private static Family gauge(String name, String kind, double value) {
    return new Family(
        name, "Things.", Family.Type.GAUGE, List.of(new Value(Labels.of("kind", kind), value)));
  }
}
