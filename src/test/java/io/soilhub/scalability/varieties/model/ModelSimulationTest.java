package io.soilhub.scalability.varieties.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.soilhub.scalability.varieties.model.HeldOut.Method;
import io.soilhub.scalability.varieties.model.SimulatedTrials.Design;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/// The model on trials whose truth is known, because they were drawn from it with fixed seeds.
class ModelSimulationTest {

  private static final GeoPoint HOME = new GeoPoint(42, -90);

  @Test
  void ninetyPercentIntervalsHoldNinetyPercentOfTheTruth() {
    VarianceComponents varianceComponents = new VarianceComponents(20, 40, 15, 80, 150);
    Design design = new Design(40, 12, 2015, 4, HOME, 400, 0.5, 150);
    int inside = 0;
    int all = 0;
    double correlation = 0;
    for (int seed = 0; seed < 5; seed++) {
      SimulatedTrials trials = SimulatedTrials.draw(design, varianceComponents, random(seed));
      TrialModel model = TrialModel.of(trials.table(), varianceComponents);
      for (int s = 0; s < design.sites(); s++) {
        List<Prediction> predictions = model.predictAt(trials.sites().get(s).place().orElseThrow());
        double[] truth = new double[design.varieties()];
        for (int v = 0; v < design.varieties(); v++) {
          truth[v] = trials.advantages()[v][s];
        }
        double shift = HeldOut.mean(truth);
        double[] predicted = predictions.stream().mapToDouble(Prediction::advantage).toArray();
        double level = HeldOut.mean(predicted);
        for (int v = 0; v < truth.length; v++) {
          double error = predicted[v] - level - (truth[v] - shift);
          inside += Math.abs(error) <= Normal.CENTRAL_90 * predictions.get(v).sd() ? 1 : 0;
          all++;
        }
        correlation += RankStatistics.spearman(predicted, truth) / design.sites() / 5;
      }
    }

    assertThat((double) inside / all).isBetween(0.86, 0.94);
    assertThat(correlation).isGreaterThan(0.7);
  }

  @Test
  void whereVarietiesDifferByPlaceTheKernelBeatsTheMeanThatIgnoresIt() {
    VarianceComponents varianceComponents = new VarianceComponents(5, 60, 5, 60, 150);
    Design design = new Design(30, 15, 2010, 6, HOME, 500, 0.5, 150);
    double kernel = 0;
    double deviations = 0;
    for (int seed = 0; seed < 3; seed++) {
      TrialTable table = SimulatedTrials.draw(design, varianceComponents, random(seed)).table();
      Validation validation =
          new Validation(new HoldOutSplitter(table, varianceComponents, 4, 5).forward());
      kernel += validation.score(Method.KERNEL).gain();
      deviations += validation.score(Method.DEVIATION).gain();
      assertThat(validation.coverage()).isBetween(0.86, 0.94);
    }

    assertThat(kernel).isGreaterThan(1.2 * deviations);
  }

  @Test
  void inABalancedTableWithoutLocalPartTheModelRanksAsTheMeans() {
    VarianceComponents varianceComponents = new VarianceComponents(30, 0, 0, 60, 0);
    Design design = new Design(12, 6, 2015, 2, HOME, 400, 1.0, 150);
    TrialTable table = SimulatedTrials.draw(design, varianceComponents, random(1)).table();
    HeldOut one = new HoldOutSplitter(table, varianceComponents, 1, 3).leaveOneOut().getFirst();

    assertThat(one.rankCorrelation(Method.KERNEL)).isEqualTo(one.rankCorrelation(Method.BLUP));
    assertThat(
            RankStatistics.spearman(
                one.predicted().get(Method.KERNEL), one.predicted().get(Method.BLUP)))
        .isCloseTo(1, within(1e-12));
    assertThat(
            RankStatistics.spearman(
                one.predicted().get(Method.KERNEL), one.predicted().get(Method.PLAIN_MEAN)))
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void statedChancesComeTrue() {
    VarianceComponents varianceComponents = new VarianceComponents(30, 20, 10, 60, 200);
    Design design = new Design(40, 10, 2010, 6, HOME, 400, 0.5, 150);
    Validation.Calibration calibration =
        new Validation(
                new HoldOutSplitter(
                        SimulatedTrials.draw(design, varianceComponents, random(7)).table(),
                        varianceComponents,
                        4,
                        5)
                    .forward())
            .calibration();

    assertThat(calibration.pairs()).isGreaterThan(5_000);
    assertThat(calibration.bins())
        .filteredOn(bin -> bin.pairs() > 500)
        .isNotEmpty()
        .allSatisfy(bin -> assertThat(bin.cameTrue()).isCloseTo(bin.stated(), within(0.06)));
    assertThat(calibration.brier()).isLessThan(0.24);
  }

  @Test
  void theShippedDemonstrationIsWhatItsGeneratorMakes() throws IOException {
    for (var file : Demonstration.files().entrySet()) {
      try (var shipped =
          Demonstration.class
              .getClassLoader()
              .getResourceAsStream("demonstration/" + file.getKey())) {
        assertThat(shipped).as(file.getKey()).isNotNull();
        assertThat(new String(shipped.readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo(file.getValue());
      }
    }
  }

  static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
