package io.soilhub.scalability.varieties.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WinProbabilityTest {

  @Test
  void theNormalDistributionIsThatOfTheTables() {
    assertThat(Normal.below(0)).isCloseTo(0.5, within(1e-7));
    assertThat(Normal.below(1)).isCloseTo(0.8413447461, within(1e-7));
    assertThat(Normal.below(-1.96)).isCloseTo(0.0249978951, within(1e-7));
    assertThat(Normal.below(Normal.CENTRAL_90)).isCloseTo(0.95, within(1e-7));
    assertThat(Normal.below(Normal.CENTRAL_80)).isCloseTo(0.90, within(1e-7));
    assertThat(Normal.below(40)).isEqualTo(1);
    assertThat(Normal.below(-40)).isZero();
  }

  @Test
  void sharesAreTheFrequenciesOfSimulatedTrials() {
    List<Prediction> candidates =
        List.of(new Prediction(3, 0, 2), new Prediction(0, 1, 1), new Prediction(-2, 0, 4));
    double noise = 3;
    SplittableRandom random = new SplittableRandom(4);
    int n = 200_000;
    double[] wins = new double[3];
    for (int trial = 0; trial < n; trial++) {
      double[] yields =
          candidates.stream()
              .mapToDouble(
                  c -> c.advantage() + Math.sqrt(c.variance() + noise) * random.nextGaussian())
              .toArray();
      for (int i = 0; i < 3; i++) {
        double mine = yields[i];
        wins[i] += IntStream.range(0, 3).filter(j -> yields[j] < mine).count() / 2.0;
      }
    }

    double[] shares = WinProbability.of(candidates, noise);

    for (int i = 0; i < 3; i++) {
      assertThat(shares[i]).isCloseTo(wins[i] / n, within(0.005));
    }
  }

  @Test
  void sharesAverageToAHalfAndALoneCandidateHasHalf() {
    List<Prediction> candidates =
        IntStream.range(0, 40).mapToObj(i -> new Prediction(i % 7, i % 3, 1 + i)).toList();

    assertThat(IntStream.range(0, 40).mapToDouble(i -> WinProbability.of(candidates, 5)[i]).sum())
        .isCloseTo(20, within(1e-6));
    assertThat(WinProbability.of(candidates.subList(0, 1), 5)).containsExactly(0.5);
    assertThat(WinProbability.of(List.of(), 5)).isEmpty();
  }

  @Test
  void withoutAnyUncertaintyTheBetterOneWins() {
    Prediction better = new Prediction(2, 0, 0);
    Prediction worse = new Prediction(1, 0, 0);

    assertThat(WinProbability.beats(better, worse, 0)).isEqualTo(1);
    assertThat(WinProbability.beats(worse, better, 0)).isZero();
    assertThat(WinProbability.beats(worse, worse, 0)).isEqualTo(0.5);
  }
}
