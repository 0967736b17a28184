package io.soilhub.scalability.monitoring.anomalies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnscombeTransformTest {

  @Property
  void theInverseBringsBack(@ForAll @DoubleRange(min = -1e12, max = 1e12) double value) {
    assertThat(AnscombeTransform.inverse(AnscombeTransform.of(value)))
        .isCloseTo(value, within(1e-6 + 1e-9 * Math.abs(value)));
  }

  @Property
  void orderStays(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double value,
      @ForAll @DoubleRange(min = 0.1, max = 1e6) double more) {
    assertThat(AnscombeTransform.of(value + more)).isGreaterThan(AnscombeTransform.of(value));
    assertThat(AnscombeTransform.of(-value)).isEqualTo(-AnscombeTransform.of(value));
  }

  @ParameterizedTest
  @ValueSource(doubles = {5, 50, 500, 50_000})
  void theNoiseOfCountsIsOneWhateverTheirMean(double mean) {
    SplittableRandom random = new SplittableRandom(3);
    double deviation = Math.sqrt(mean + AnscombeTransform.DISPERSION * mean * mean);
    int n = 20_000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double z = AnscombeTransform.of(Math.max(0, mean + deviation * random.nextGaussian()));
      sum += z;
      squares += z * z;
    }

    assertThat(Math.sqrt(squares / n - sum / n * (sum / n))).isBetween(0.9, 1.2);
  }
}
