package io.soilhub.scalability.monitoring.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsRegistryTest {

  private static final MetricFamily ONE = gauge("soilhub_things", "a", 1);
  private static final MetricFamily OTHER = gauge("soilhub_things", "b", 2);
  private static final MetricFamily AGAIN = gauge("soilhub_things", "a", 50);

  @Test
  void familiesOfOneNameBecomeOneAndASeriesIsToldOnce() {
    MetricsWriter metricsWriter = gathered(() -> List.of(ONE), () -> List.of(OTHER, AGAIN));
    assertThat(
            metricsWriter.text(Representation.PROMETHEUS).lines().filter(l -> l.contains("things")))
        .containsExactly(
            "# HELP soilhub_things Things.",
            "# TYPE soilhub_things gauge",
            "soilhub_things{kind=\"a\"} 1",
            "soilhub_things{kind=\"b\"} 2");
  }

  @Test
  void aSourceThatFailsCostsItsOwnFamiliesAndIsCounted() {
    MetricsWriter metricsWriter =
        gathered(
            () -> {
              throw new IllegalStateException("broken on purpose");
            },
            () -> List.of(ONE));
    assertThat(metricsWriter.sum("soilhub_things")).hasValue(1);
    assertThat(metricsWriter.sum("soilhub_metric_sources_failing")).hasValue(1);
  }

  @Test
  void aSourceThatRecoversIsNotCountedAnyMore() {
    List<MetricFamily> none = List.of();
    boolean[] broken = {true};
    MetricsRegistry metricsRegistry =
        new MetricsRegistry(
            List.of(
                () -> {
                  if (broken[0]) {
                    throw new IllegalStateException("broken on purpose");
                  }
                  return none;
                }));
    assertThat(metricsRegistry.metricsWriter().sum("soilhub_metric_sources_failing")).hasValue(1);
    broken[0] = false;
    assertThat(metricsRegistry.metricsWriter().sum("soilhub_metric_sources_failing")).hasValue(0);
  }

  @Test
  void sumsAreOfTheSeriesThatWereAskedFor() {
    MetricsWriter metricsWriter = gathered(() -> List.of(ONE, OTHER));
    assertThat(metricsWriter.sum("soilhub_things")).hasValue(3);
    assertThat(metricsWriter.sum("soilhub_things", "kind", "b")).hasValue(2);
    assertThat(metricsWriter.sum("soilhub_things", "kind", "c")).isEmpty();
    assertThat(metricsWriter.sum("soilhub_nothing")).isEmpty();
  }

  private static MetricsWriter gathered(MetricSource... sources) {
    return new MetricsRegistry(List.of(sources)).metricsWriter();
  }

  private static MetricFamily gauge(String name, String kind, double value) {
    return new MetricFamily(
        name,
        "Things.",
        MetricFamily.Type.GAUGE,
        List.of(new Value(Labels.of("kind", kind), value)));
  }
}
