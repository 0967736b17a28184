package io.soilhub.scalability.anomalies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

class CurveTest {

  private static final long STEP = 300;
  private static final LongToDoubleFunction WAVE =
      second -> 3 + 2 * Math.sin(second * 2 * Math.PI / Course.DAY);

  @Test
  void learnsAWaveInADayAndKeepsIt() {
    Curve curve = new Curve(Course.DAY, 96, STEP, 0.15, 0);
    teach(curve, 0, 1, WAVE);
    for (long s = 0; s < Course.DAY; s += STEP) {
      assertThat(curve.at(s)).isCloseTo(WAVE.applyAsDouble(s), within(0.1));
    }
    teach(curve, 1, 30, WAVE);
    for (long s = 0; s < Course.DAY; s += STEP) {
      assertThat(curve.at(s)).isCloseTo(WAVE.applyAsDouble(s), within(0.02));
    }
  }

  @Test
  void noiseIsAveragedOut() {
    SplittableRandom random = new SplittableRandom(1);
    Curve curve = new Curve(Course.DAY, 96, STEP, 0.15, 0);
    teach(curve, 0, 40, s -> WAVE.applyAsDouble(s) + random.nextGaussian());

    double squares = 0;
    for (long s = 0; s < Course.DAY; s += STEP) {
      double error = curve.at(s) - WAVE.applyAsDouble(s);
      squares += error * error;
    }
    assertThat(Math.sqrt(squares / 288)).isLessThan(0.3);
  }

  @Test
  void anErrorFadesByAtLeastTheGainInOnePeriod() {
    Curve curve = new Curve(Course.DAY, 24, STEP, 0.15, 0);
    teach(curve, 0, 60, _ -> 10);
    teach(curve, 60, 61, _ -> 20);

    assertThat(curve.nodes()[12]).isBetween(11.5, 12.5);
  }

  @Test
  void aTimeNeverVisitedHasNoVisits() {
    Curve curve = new Curve(Course.WEEK, 168, STEP, 0.3, 0);
    for (long s = 0; s < Course.DAY; s += STEP) {
      curve.learn(s, 1);
    }

    assertThat(curve.visits(12 * 3600)).isGreaterThan(3);
    assertThat(curve.visits(36 * 3600)).isZero();
    assertThat(curve.visits(Course.WEEK + 12 * 3600)).isEqualTo(curve.visits(12 * 3600));
    assertThat(curve.visits(Course.WEEK - 3600)).isZero();
  }

  @Test
  void nodesAreNoFinerThanTheSteps() {
    assertThat(new Curve(Course.DAY, 96, 3600, 0.15, 0).nodes()).hasSize(24);
    assertThat(new Curve(Course.DAY, 96, 60, 0.15, 0).nodes()).hasSize(96);
  }

  private static void teach(Curve curve, int from, int to, LongToDoubleFunction truth) {
    for (long s = from * Course.DAY; s < to * Course.DAY; s += STEP) {
      curve.learn(s, truth.applyAsDouble(s) - curve.at(s));
    }
  }
}
