package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.balancing.fleet.ForwardListener.Forward;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Sample;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayMetricsTest {

  private final GatewayMetrics metrics = new GatewayMetrics();

  @Test
  void aServiceIsTheSumOfItsInstances() {
    metrics.forwarded(new Forward("varieties", "one", 500_000_000, false, 10));
    metrics.forwarded(new Forward("varieties", "two", 250_000_000, false, 20));
    metrics.forwarded(new Forward("varieties", "two", 250_000_000, true, 0));
    assertThat(samples("soilhub_gateway_forwards_total"))
        .containsExactly(
            new Value(Labels.of("service", "varieties", "outcome", "answered"), 2),
            new Value(Labels.of("service", "varieties", "outcome", "failed"), 1));
    Labels service = Labels.of("service", "varieties");
    assertThat(samples("soilhub_gateway_response_seconds_total"))
        .containsExactly(new Value(service, 1));
    assertThat(samples("soilhub_gateway_answer_bytes_total"))
        .containsExactly(new Value(service, 30));
  }

  @Test
  void servicesBeyondTheBoundCountTogether() {
    for (int i = 0; i < 1500; i++) {
      metrics.forwarded(new Forward("service-" + i, "one", 1, false, 1));
    }
    assertThat(samples("soilhub_gateway_answer_bytes_total"))
        .hasSize(1001)
        .contains(new Value(Labels.of("service", "(others)"), 500));
  }

  private List<Sample> samples(String name) {
    return metrics.families().stream()
        .filter(family -> family.name().equals(name))
        .map(MetricFamily::samples)
        .flatMap(List::stream)
        .map(Sample.class::cast)
        .toList();
  }
}
