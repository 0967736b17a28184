package io.soilhub.scalability.varieties.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.soilhub.scalability.varieties.model.SimulatedTrials.Design;
import io.soilhub.scalability.varieties.trials.Environment;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import io.soilhub.scalability.varieties.trials.Observation;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import io.soilhub.scalability.varieties.trials.Variety;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class RemlTest {

  private static final VarianceComponents TRUE = new VarianceComponents(25, 35, 15, 60, 150);
  private static final Design LARGE =
      new Design(60, 14, 2012, 5, new GeoPoint(42, -90), 400, 0.5, 150);
  private static final Design SMALL =
      new Design(5, 3, 2019, 2, new GeoPoint(42, -90), 300, 0.7, 150);

  @Test
  void findsTheConstantsThatDrewTheTrials() {
    TrialTable table = SimulatedTrials.draw(LARGE, TRUE, ModelSimulationTest.random(5)).table();

    VarianceComponents fitted = Reml.fit(table);

    assertThat(fitted.ve()).isCloseTo(TRUE.ve(), within(6.0));
    // Two standard errors of a variance estimated from 60 varieties.
    assertThat(fitted.vg() + fitted.vl()).isCloseTo(60, within(2 * 60 * Math.sqrt(2 / 60.0)));
    assertThat(fitted.vy()).isCloseTo(TRUE.vy(), within(7.0));
    assertThat(fitted.lengthKm()).isBetween(70.0, 350.0);
    assertThat(Reml.deviance(table, fitted)).isLessThanOrEqualTo(Reml.deviance(table, TRUE));
  }

  @Test
  void anInterruptEndsTheFit() {
    TrialTable table = SimulatedTrials.draw(LARGE, TRUE, ModelSimulationTest.random(5)).table();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Reml.fit(table)).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void theLikelihoodIsThatOfTheDenseFormula() {
    TrialTable table = SimulatedTrials.draw(SMALL, TRUE, ModelSimulationTest.random(2)).table();
    VarianceComponents one = new VarianceComponents(12, 20, 8, 40, 100);
    VarianceComponents other = new VarianceComponents(3, 50, 2, 70, 400);

    assertThat(Reml.deviance(table, one) - Reml.deviance(table, other))
        .isCloseTo(dense(table, one) - dense(table, other), within(1e-6));
  }

  @Test
  void withOneYearAndNoPlacesThePartsThatCannotBeToldAreZero() {
    List<Variety> varieties =
        List.of("a", "b", "c", "d", "e").stream().map(name -> new Variety(name, "")).toList();
    double[][] yields = {
      {5, 6, 4, 5.5}, {4, 5.2, 3, 4.4}, {6, 7.1, 5.2, 6.4}, {5.4, 6.1, 4.4, 5.6}, {3.9, 5, 3, 4.6}
    };
    List<Observation> rows = new java.util.ArrayList<>();
    for (int v = 0; v < 5; v++) {
      for (int s = 0; s < 4; s++) {
        rows.add(new Observation(varieties.get(v).id(), "site" + s, 2020, yields[v][s]));
      }
    }

    VarianceComponents fitted = Reml.fit(TrialTable.of(varieties, List.of(), rows));

    assertThat(fitted.vl()).isZero();
    assertThat(fitted.vy()).isZero();
    assertThat(fitted.vg()).isGreaterThan(5 * fitted.ve());
  }

  @Test
  void refusesATableThatIsTooSmall() {
    TrialTable table =
        TrialTable.of(
            List.of(new Variety("a", "")),
            List.of(),
            List.of(new Observation("a", "x", 2020, 4), new Observation("a", "y", 2020, 5)));

    assertThatThrownBy(() -> Reml.fit(table)).hasMessageContaining("too few trials");
  }

  /// (n - p) log s2 + log|V| + log|X' V^-1 X| with all matrices written out, V relative to ve.
  private static double dense(TrialTable table, VarianceComponents varianceComponents) {
    int n = table.rows();
    int p = table.environments().size();
    double[][] v = new double[n][n];
    int[] varietyOf = new int[n];
    for (int i = 0; i < table.varieties().size(); i++) {
      int variety = i;
      table.rowsOf(i).forEach(row -> varietyOf[row] = variety);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        v[i][j] = varietyOf[i] == varietyOf[j] ? covariance(table, i, j, varianceComponents) : 0;
      }
    }
    double[][] inverse = inverse(v);
    double[][] information = new double[p][p];
    double[] score = new double[p];
    double quadratic = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        information[table.environmentIndex(i)][table.environmentIndex(j)] += inverse[i][j];
        score[table.environmentIndex(i)] += inverse[i][j] * table.yield(j);
        quadratic += table.yield(i) * inverse[i][j] * table.yield(j);
      }
    }
    double[][] covariance = inverse(information);
    for (int e = 0; e < p; e++) {
      for (int f = 0; f < p; f++) {
        quadratic -= score[e] * covariance[e][f] * score[f];
      }
    }
    return (n - p) * Math.log(quadratic / (n - p))
        + Math.log(CholeskyTest.determinant(v))
        + Math.log(CholeskyTest.determinant(information));
  }

  private static double covariance(
      TrialTable table, int i, int j, VarianceComponents varianceComponents) {
    Environment one = table.environment(i);
    Environment other = table.environment(j);
    double km =
        table
            .sites()
            .get(one.site())
            .place()
            .orElseThrow()
            .distanceKm(table.sites().get(other.site()).place().orElseThrow());
    double value =
        varianceComponents.vg()
            + varianceComponents.vl() * Math.exp(-km / varianceComponents.lengthKm());
    value += one.year() == other.year() ? varianceComponents.vy() : 0;
    value += i == j ? varianceComponents.ve() : 0;
    return value / varianceComponents.ve();
  }

  private static double[][] inverse(double[][] matrix) {
    int n = matrix.length;
    double[][] a = new double[n][2 * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(matrix[i], 0, a[i], 0, n);
      a[i][n + i] = 1;
    }
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
    double[][] inverse = new double[n][];
    for (int i = 0; i < n; i++) {
      inverse[i] = java.util.Arrays.copyOfRange(a[i], n, 2 * n);
    }
    return inverse;
  }
}
