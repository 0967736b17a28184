package io.soilhub.scalability.varieties.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.soilhub.scalability.varieties.model.SimulatedTrials.Design;
import io.soilhub.scalability.varieties.trials.Environment;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import io.soilhub.scalability.varieties.trials.Observation;
import io.soilhub.scalability.varieties.trials.Site;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import io.soilhub.scalability.varieties.trials.Variety;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class TrialModelTest {

  private static final VarianceComponents CONSTANTS = new VarianceComponents(20, 30, 15, 80, 200);
  private static final GeoPoint HOME = new GeoPoint(42, -90);
  private static final Design DESIGN = new Design(8, 5, 2018, 3, HOME, 300, 0.6, 150);

  @Property(tries = 30)
  void theOrderOfRowsChangesNothing(@ForAll long seed) {
    SimulatedTrials trials = trials(seed);
    List<Observation> shuffled = new ArrayList<>(trials.observations());
    Collections.shuffle(shuffled, new Random(seed));

    assertThat(predict(trials, shuffled, HOME)).isEqualTo(predict(trials, HOME));
  }

  @Property(tries = 30)
  void aBetterSeasonForAllChangesNothing(
      @ForAll long seed, @ForAll @DoubleRange(min = -40, max = 40) double bonus) {
    SimulatedTrials trials = trials(seed);
    Observation any = trials.observations().getFirst();
    List<Observation> raised =
        trials.observations().stream()
            .map(
                row ->
                    row.location().equals(any.location()) && row.year() == any.year()
                        ? new Observation(
                            row.varietyId(), row.location(), row.year(), row.yield() + bonus)
                        : row)
            .toList();

    assertClose(predict(trials, raised, HOME), predict(trials, HOME), 1e-6);
  }

  @Property(tries = 30)
  void anotherTrialMakesItsVarietySurer(@ForAll long seed) {
    SimulatedTrials trials = trials(seed);
    List<Observation> more = new ArrayList<>(trials.observations());
    String site = trials.sites().getFirst().location();
    trials.varieties().forEach(v -> more.add(new Observation(v.id(), site, 2030, 150)));

    List<Prediction> before = predict(trials, HOME);
    List<Prediction> after = predict(trials, more, HOME);

    for (int v = 0; v < before.size(); v++) {
      assertThat(after.get(v).variance()).isLessThan(before.get(v).variance());
    }
  }

  @Property(tries = 30)
  void farAwayOnlyTheBroadPartIsLeft(@ForAll long seed) {
    SimulatedTrials trials = trials(seed);
    TrialModel model = TrialModel.of(trials.table(), CONSTANTS);
    List<Prediction> far = model.predictAt(new GeoPoint(-42, 90));
    List<Prediction> anywhere = model.predictAnywhere();

    for (int v = 0; v < far.size(); v++) {
      assertThat(far.get(v).local()).isCloseTo(0, within(1e-9));
      assertThat(far.get(v).advantage()).isCloseTo(anywhere.get(v).advantage(), within(1e-9));
      assertThat(far.get(v).variance()).isLessThan(CONSTANTS.vg() + CONSTANTS.vl());
    }
  }

  @Test
  void withoutABroadPartFarAwayIsThePrior() {
    SimulatedTrials trials = trials(1);
    VarianceComponents local = new VarianceComponents(0, 30, 15, 80, 200);

    assertThat(TrialModel.of(trials.table(), local).predictAnywhere())
        .allSatisfy(
            prediction -> {
              assertThat(prediction.advantage()).isZero();
              assertThat(prediction.variance()).isEqualTo(30);
            });
  }

  @Property(tries = 20)
  void agreesWithTheSameModelWrittenDensely(@ForAll long seed) {
    SimulatedTrials trials = trials(seed);
    TrialTable table = trials.table();
    TrialModel model = TrialModel.of(table, CONSTANTS);
    GeoPoint place = new GeoPoint(43, -91);
    List<Prediction> predictions = model.predictAt(place);

    for (int v = 0; v < table.varieties().size(); v++) {
      double[] dense = dense(table, model, v, place);
      assertThat(predictions.get(v).advantage()).isCloseTo(dense[0], within(1e-6));
      assertThat(predictions.get(v).variance()).isCloseTo(dense[1], within(1e-6));
    }
  }

  @Test
  void environmentMeansAndEffectsSatisfyTheirEquations() {
    TrialTable table = trials(3).table();
    double lambda = (CONSTANTS.vy() + CONSTANTS.ve()) / (CONSTANTS.vg() + CONSTANTS.vl());
    Blup effects = Blup.of(table, lambda);
    double[] residuals = new double[table.environments().size()];

    for (int v = 0; v < table.varieties().size(); v++) {
      double sum = 0;
      for (int row = table.start(v); row < table.end(v); row++) {
        int e = table.environmentIndex(row);
        sum += table.yield(row) - effects.environmentMeans()[e];
        residuals[e] += table.yield(row) - effects.environmentMeans()[e] - effects.effects()[v];
      }
      assertThat(effects.effects()[v] * (table.siteYears(v) + lambda)).isCloseTo(sum, within(1e-6));
    }
    assertThat(residuals).containsExactly(new double[residuals.length], within(1e-6));
  }

  @Test
  void aSiteOfUnknownPlaceInformsTheBroadPartAlone() {
    TrialTable table =
        TrialTable.of(
            List.of(new Variety("a", ""), new Variety("b", "")),
            List.of(Site.at("known", HOME)),
            List.of(
                new Observation("a", "coded", 2020, 110),
                new Observation("b", "coded", 2020, 90),
                new Observation("a", "known", 2021, 100),
                new Observation("b", "known", 2021, 100)));

    Prediction a = TrialModel.of(table, CONSTANTS).predictAt(HOME).getFirst();

    assertThat(a.broad()).isPositive();
    assertThat(a.local()).isNegative();
  }

  private static SimulatedTrials trials(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    return SimulatedTrials.draw(DESIGN, CONSTANTS, random);
  }

  private static List<Prediction> predict(SimulatedTrials trials, GeoPoint place) {
    return predict(trials, trials.observations(), place);
  }

  private static List<Prediction> predict(
      SimulatedTrials trials, List<Observation> rows, GeoPoint place) {
    TrialTable table = TrialTable.of(trials.varieties(), trials.sites(), rows);
    return TrialModel.of(table, CONSTANTS).predictAt(place);
  }

  private static void assertClose(List<Prediction> one, List<Prediction> other, double by) {
    for (int v = 0; v < one.size(); v++) {
      assertThat(one.get(v).advantage()).isCloseTo(other.get(v).advantage(), within(by));
      assertThat(one.get(v).variance()).isCloseTo(other.get(v).variance(), within(by));
    }
  }

  /// Mean and variance of one variety by an explicit inverse, straight from the covariances.
  private static double[] dense(TrialTable table, TrialModel model, int variety, GeoPoint place) {
    int[] rows = table.rowsOf(variety).toArray();
    int n = rows.length;
    double[][] k = new double[n][2 * n];
    double[] c = new double[n];
    double[] r = new double[n];
    for (int i = 0; i < n; i++) {
      Environment one = table.environment(rows[i]);
      GeoPoint at = table.sites().get(one.site()).place().orElseThrow();
      c[i] = 20 + 30 * Math.exp(-at.distanceKm(place) / 200);
      r[i] = table.yield(rows[i]) - model.environmentMean(table.environmentIndex(rows[i]));
      for (int j = 0; j < n; j++) {
        Environment two = table.environment(rows[j]);
        GeoPoint to = table.sites().get(two.site()).place().orElseThrow();
        k[i][j] = 20 + 30 * Math.exp(-at.distanceKm(to) / 200);
        k[i][j] += (one.year() == two.year() ? 15 : 0) + (i == j ? 80 : 0);
      }
      k[i][n + i] = 1;
    }
    invert(k, n);
    double mean = 0;
    double variance = 50;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        mean += c[i] * k[i][n + j] * r[j];
        variance -= c[i] * k[i][n + j] * c[j];
      }
    }
    return new double[] {mean, variance};
  }

  /// Gauss and Jordan on `[A | I]`.
  private static void invert(double[][] a, int n) {
    for (int p = 0; p < n; p++) {
      double pivot = a[p][p];
      for (int j = 0; j < 2 * n; j++) {
        a[p][j] /= pivot;
      }
      for (int i = 0; i < n; i++) {
        double factor = a[i][p];
        for (int j = 0; i != p && j < 2 * n; j++) {
          a[i][j] -= factor * a[p][j];
        }
      }
    }
  }
}
