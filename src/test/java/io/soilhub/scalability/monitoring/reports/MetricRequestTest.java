package io.soilhub.scalability.monitoring.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricRequestTest {

  @Test
  void aValueWithLabelsIsTaken() {
    Map<String, String> labels = Map.of("field", "north, upper", "legume", "x");
    assertThat(new MetricRequest("rain", 3.5, "gauge", labels).series().labels().values())
        .isEqualTo(labels);
  }

  /// With these Prometheus would read another series, or refuse all of them.
  @ParameterizedTest
  @CsvSource({"le, 0.5", "quantile, 0.5", "overflow, true", "field, ''", "__name__, x"})
  void labelsThatMeanSomethingElseAreRefused(String label, String value) {
    refused(new MetricRequest("rain", 1.0, "histogram", Map.of(label, value)), "/labels/" + label);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.7e308, -1.7e308, 1.01e100, Double.NaN, Double.POSITIVE_INFINITY})
  void aValueThatCouldAddUpToInfinityIsRefused(double value) {
    refused(new MetricRequest("rain", value, "gauge", Map.of()), "/value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rain_total", "rain_created", "rain_bucket", "soilhub_rain"})
  void namesThatWouldMeetAnotherMetricAreRefused(String name) {
    refused(new MetricRequest(name, 1.0, "gauge", Map.of()), "/name");
  }

  private static void refused(MetricRequest request, String pointer) {
    assertThatThrownBy(request::series)
        .isInstanceOfSatisfying(
            Problem.class,
            problem ->
                assertThat(problem.violations())
                    .extracting(Problem.Violation::pointer)
                    .contains(pointer));
  }
}
