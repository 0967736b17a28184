package io.soilhub.scalability.monitoring.anomalies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

class SeasonalProfileTest {

  private static final long STEP = 300;
  private static final LongToDoubleFunction WAVE =
      second -> 3 + 2 * Math.sin(second * 2 * Math.PI / SeasonalModel.DAY);

  @Test
  void learnsAWaveInADayAndKeepsIt() {
    SeasonalProfile seasonalProfile = new SeasonalProfile(SeasonalModel.DAY, 96, STEP, 0.15, 0);
    teach(seasonalProfile, 0, 1, WAVE);
    for (long s = 0; s < SeasonalModel.DAY; s += STEP) {
      assertThat(seasonalProfile.at(s)).isCloseTo(WAVE.applyAsDouble(s), within(0.1));
    }
    teach(seasonalProfile, 1, 30, WAVE);
    for (long s = 0; s < SeasonalModel.DAY; s += STEP) {
      assertThat(seasonalProfile.at(s)).isCloseTo(WAVE.applyAsDouble(s), within(0.02));
    }
  }

  @Test
  void noiseIsAveragedOut() {
    SplittableRandom random = new SplittableRandom(1);
    SeasonalProfile seasonalProfile = new SeasonalProfile(SeasonalModel.DAY, 96, STEP, 0.15, 0);
    teach(seasonalProfile, 0, 40, s -> WAVE.applyAsDouble(s) + random.nextGaussian());

    double squares = 0;
    for (long s = 0; s < SeasonalModel.DAY; s += STEP) {
      double error = seasonalProfile.at(s) - WAVE.applyAsDouble(s);
      squares += error * error;
    }
    assertThat(Math.sqrt(squares / 288)).isLessThan(0.3);
  }

  @Test
  void anErrorFadesByAtLeastTheGainInOnePeriod() {
    SeasonalProfile seasonalProfile = new SeasonalProfile(SeasonalModel.DAY, 24, STEP, 0.15, 0);
    teach(seasonalProfile, 0, 60, _ -> 10);
    teach(seasonalProfile, 60, 61, _ -> 20);

    assertThat(seasonalProfile.nodes()[12]).isBetween(11.5, 12.5);
  }

  @Test
  void aTimeNeverVisitedHasNoVisits() {
    SeasonalProfile seasonalProfile = new SeasonalProfile(SeasonalModel.WEEK, 168, STEP, 0.3, 0);
    for (long s = 0; s < SeasonalModel.DAY; s += STEP) {
      seasonalProfile.learn(s, 1);
    }

    assertThat(seasonalProfile.visits(12 * 3600)).isGreaterThan(3);
    assertThat(seasonalProfile.visits(36 * 3600)).isZero();
    assertThat(seasonalProfile.visits(SeasonalModel.WEEK + 12 * 3600))
        .isEqualTo(seasonalProfile.visits(12 * 3600));
    assertThat(seasonalProfile.visits(SeasonalModel.WEEK - 3600)).isZero();
  }

  @Test
  void nodesAreNoFinerThanTheSteps() {
    assertThat(new SeasonalProfile(SeasonalModel.DAY, 96, 3600, 0.15, 0).nodes()).hasSize(24);
    assertThat(new SeasonalProfile(SeasonalModel.DAY, 96, 60, 0.15, 0).nodes()).hasSize(96);
  }

  private static void teach(
      SeasonalProfile seasonalProfile, int from, int to, LongToDoubleFunction truth) {
    for (long s = from * SeasonalModel.DAY; s < to * SeasonalModel.DAY; s += STEP) {
      seasonalProfile.learn(s, truth.applyAsDouble(s) - seasonalProfile.at(s));
    }
  }
}
