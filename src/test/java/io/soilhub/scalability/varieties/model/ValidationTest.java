package io.soilhub.scalability.varieties.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.soilhub.scalability.varieties.model.HeldOut.Method;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValidationTest {

  @Test
  void scoresOfOneEnvironmentByHand() {
    HeldOut one = heldOut(2020, new double[] {90, 110, 100}, new double[] {-1, 2, 0.5});
    HeldOut other = heldOut(2021, new double[] {120, 100, 80}, new double[] {-3, 4, 0});
    Validation validation = new Validation(List.of(one, other));

    Validation.Score score = validation.score(Method.KERNEL);

    assertThat(score.gain()).isCloseTo((10.0 + 0.0) / 2, within(1e-12));
    assertThat(score.regret()).isCloseTo((0.0 + 20.0) / 2, within(1e-12));
    assertThat(score.rankCorrelation()).isCloseTo((1.0 - 0.5) / 2, within(1e-12));
    assertThat(validation.oracleGain()).isCloseTo(15, within(1e-12));
    assertThat(validation.gainInUnit()).isCloseTo(5, within(1e-12));
    assertThat(validation.meanPool()).isEqualTo(3);
  }

  @Test
  void rankCorrelationIsThatOfThePapersWithTies() {
    assertThat(RankStatistics.spearman(new double[] {1, 2, 3, 4}, new double[] {10, 20, 30, 40}))
        .isEqualTo(1);
    assertThat(RankStatistics.spearman(new double[] {1, 2, 3, 4}, new double[] {4, 3, 2, 1}))
        .isEqualTo(-1);
    assertThat(RankStatistics.spearman(new double[] {1, 2, 2, 3}, new double[] {1, 2, 3, 4}))
        .isCloseTo(0.9486832980505138, within(1e-12));
    assertThat(RankStatistics.spearman(new double[] {1, 1, 1}, new double[] {1, 2, 3})).isZero();
  }

  @Test
  void intervalsAreAroundDeviationsFromThePool() {
    HeldOut sure = heldOut(2020, new double[] {90, 110, 100}, new double[] {-10, 10, 0});
    HeldOut wrong = heldOut(2020, new double[] {90, 110, 100}, new double[] {10, -10, 0});

    assertThat(sure.withinInterval()).isEqualTo(3);
    assertThat(wrong.withinInterval()).isEqualTo(1);
  }

  @Test
  void anIntervalOverYearsHoldsItsMeanAndHasNoWidthWhenYearsAgree() {
    HeldOut good = heldOut(2020, new double[] {90, 110, 100}, new double[] {-1, 2, 0.5});
    HeldOut bad = heldOut(2021, new double[] {90, 110, 100}, new double[] {2, -1, 0.5});
    HeldOut again = heldOut(2022, new double[] {90, 110, 100}, new double[] {-1, 2, 0.5});

    Validation.Interval mixed =
        new Validation(List.of(good, bad, again))
            .gainInterval(Method.KERNEL, ModelSimulationTest.random(1));
    Validation.Interval same =
        new Validation(List.of(good, again))
            .gainInterval(Method.KERNEL, ModelSimulationTest.random(1));

    assertThat(mixed.mean()).isBetween(mixed.low(), mixed.high());
    assertThat(mixed.low()).isCloseTo(-10, within(1e-9));
    assertThat(mixed.high()).isCloseTo(10, within(1e-9));
    assertThat(same.low()).isEqualTo(same.high()).isEqualTo(10);
  }

  private static HeldOut heldOut(int year, double[] observed, double[] kernel) {
    Map<Method, double[]> predicted = new EnumMap<>(Method.class);
    for (Method method : Method.values()) {
      predicted.put(method, kernel);
    }
    return new HeldOut(year, observed, predicted, new double[] {4, 4, 4});
  }
}
