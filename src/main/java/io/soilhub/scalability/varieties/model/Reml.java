package io.soilhub.scalability.varieties.model;

import io.soilhub.scalability.varieties.trials.Environment;
import io.soilhub.scalability.varieties.trials.Site;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleValueChecker;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.hipparchus.optim.nonlinear.scalar.noderiv.SimplexOptimizer;

/// Fits the constants of a table by restricted maximum likelihood (Patterson and Thompson 1971),
/// the environments being fixed and the varieties random. The variances are searched as ratios to
/// the error variance, which has then a closed form; a ratio is the square of its parameter, so
/// that the search can rest on zero. Covariances are block-diagonal by variety, so one evaluation
/// costs the cubes of the varieties' row counts and one factorisation of the size of the
/// environments.
public final class Reml {

  private static final Logger LOG = System.getLogger(Reml.class.getName());
  private static final double MIN_LENGTH_KM = 10;
  private static final double MAX_LENGTH_KM = 3_000;
  private static final double[] STARTING_LENGTHS_KM = {60, 250, 900};
  private static final int TRIAL_EVALUATIONS = 60;
  private static final int MAX_EVALUATIONS = 250;
  private static final double TOLERANCE = 1e-4;

  /// Ratio to the error variance below which a part is taken to be absent.
  private static final double NEGLIGIBLE = 1e-3;

  private final TrialTable table;
  private final boolean local;
  private final long years;
  private final double[][] distances;

  private Reml(TrialTable table) {
    this.table = table;
    this.distances = distances(table);
    this.years = table.environments().stream().map(Environment::year).distinct().count();
    this.local = table.sites().stream().filter(site -> site.place().isPresent()).count() >= 3;
  }

  /// A point of the search with its likelihood.
  private record Fitted(double deviance, double errorVariance) {}

  /// @return the constants under which the table is likeliest
  /// @throws IllegalArgumentException when the table is too small to tell variances apart
  /// @throws CancellationException when the thread is interrupted: a large table takes minutes
  public static VarianceComponents fit(TrialTable table) {
    long testedTwice =
        IntStream.range(0, table.varieties().size()).filter(v -> table.siteYears(v) >= 2).count();
    int spare = table.rows() - table.environments().size();
    if (testedTwice < 3 || spare < 10) {
      throw new IllegalArgumentException(
          "too few trials to fit the constants: three varieties in two environments, "
              + "and ten rows more than environments are the least");
    }
    return new Reml(table).fit();
  }

  /// Minus twice the restricted log-likelihood of the constants, up to a constant of the table.
  static double deviance(TrialTable table, VarianceComponents varianceComponents) {
    double[] point = {
      Math.sqrt(varianceComponents.vg() / varianceComponents.ve()),
      Math.sqrt(varianceComponents.vl() / varianceComponents.ve()),
      Math.sqrt(varianceComponents.vy() / varianceComponents.ve()),
      Math.log(Math.max(MIN_LENGTH_KM, varianceComponents.lengthKm()))
    };
    return new Reml(table).deviance(point);
  }

  private VarianceComponents fit() {
    double[] best = new double[0];
    for (double length : STARTING_LENGTHS_KM) {
      double[] start = {0.5, local ? 0.5 : 0, years > 1 ? 0.4 : 0, Math.log(length)};
      double[] found = search(start, TRIAL_EVALUATIONS);
      best = best.length == 0 || deviance(found) < deviance(best) ? found : best;
    }
    best = search(best, MAX_EVALUATIONS);
    double ve = evaluate(best).errorVariance();
    double[] ratios = ratios(best);
    return new VarianceComponents(
        ve * ratios[0], ve * ratios[1], ve * ratios[2], ve, Math.exp(best[3]));
  }

  /// The best point within the evaluations, converged or not.
  private double[] search(double[] start, int evaluations) {
    double[][] best = {start};
    double[] least = {Double.MAX_VALUE};
    ObjectiveFunction objective =
        new ObjectiveFunction(
            point -> {
              if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("the fit was interrupted");
              }
              double deviance = deviance(point);
              if (deviance < least[0]) {
                least[0] = deviance;
                best[0] = point.clone();
              }
              return deviance;
            });
    try {
      new SimplexOptimizer(new SimpleValueChecker(1e-12, TOLERANCE))
          .optimize(
              new MaxEval(evaluations),
              objective,
              GoalType.MINIMIZE,
              new InitialGuess(start),
              new NelderMeadSimplex(new double[] {0.2, 0.2, 0.2, 0.5}));
    } catch (MathIllegalStateException _) {
      LOG.log(Level.DEBUG, "The search ended at its limit of {0} evaluations", evaluations);
    }
    return best[0];
  }

  private double deviance(double[] point) {
    double length = Math.exp(point[3]);
    boolean possible = length >= MIN_LENGTH_KM && length <= MAX_LENGTH_KM;
    return possible ? evaluate(point).deviance() : Double.MAX_VALUE;
  }

  private double[] ratios(double[] point) {
    double[] ratios = new double[3];
    for (int i = 0; i < 3; i++) {
      double ratio = point[i] * point[i];
      boolean told = i == 0 || (i == 1 ? local : years > 1);
      ratios[i] = ratio < NEGLIGIBLE || !told ? 0 : ratio;
    }
    ratios[0] = ratios[0] + ratios[1] == 0 ? NEGLIGIBLE : ratios[0];
    return ratios;
  }

  /// Minus twice the restricted log-likelihood, but for a constant, with the error variance
  /// profiled out: (n - p) log s2 + log|V| + log|X' V^-1 X|.
  private Fitted evaluate(double[] point) {
    double[] ratios = ratios(point);
    VarianceComponents relative =
        new VarianceComponents(ratios[0], ratios[1], ratios[2], 1, Math.exp(point[3]));
    double[][] correlations = correlations(relative);
    int p = table.environments().size();
    double[] information = new double[p * (p + 1) / 2];
    double[] score = new double[p];
    double quadratic = 0;
    double logDeterminant = 0;
    for (int v = 0; v < table.varieties().size(); v++) {
      int n = table.siteYears(v);
      if (n > 0) {
        Cholesky factor =
            Cholesky.factor(n, TrialModel.covariance(table, v, relative, correlations));
        logDeterminant += factor.logDeterminant();
        quadratic += accumulate(v, factor, information, score);
      }
    }
    Cholesky normal = Cholesky.factor(p, withUnitForEmpty(information, p));
    logDeterminant += normal.logDeterminant();
    double[] z = score.clone();
    normal.forward(z);
    for (double value : z) {
      quadratic -= value * value;
    }
    int free = table.rows() - p;
    double errorVariance = quadratic / free;
    return new Fitted(free * Math.log(errorVariance) + logDeterminant, errorVariance);
  }

  /// Adds one variety to X' V^-1 X and X' V^-1 y, and gives its y' V^-1 y.
  private double accumulate(int variety, Cholesky factor, double[] information, double[] score) {
    int start = table.start(variety);
    int n = factor.size();
    double quadratic = 0;
    double[] column = new double[n];
    for (int i = 0; i < n; i++) {
      Arrays.fill(column, 0);
      column[i] = 1;
      factor.solve(column);
      int e = table.environmentIndex(start + i);
      for (int j = 0; j < n; j++) {
        int f = table.environmentIndex(start + j);
        double weighted = column[j] * table.yield(start + j);
        score[e] += weighted;
        quadratic += table.yield(start + i) * weighted;
        if (f <= e) {
          information[e * (e + 1) / 2 + f] += column[j];
        }
      }
    }
    return quadratic;
  }

  /// An environment without rows (a filtered table) must not make the matrix singular.
  private static double[] withUnitForEmpty(double[] packed, int size) {
    for (int i = 0; i < size; i++) {
      int diagonal = i * (i + 1) / 2 + i;
      packed[diagonal] = packed[diagonal] == 0 ? 1 : packed[diagonal];
    }
    return packed;
  }

  private double[][] correlations(VarianceComponents varianceComponents) {
    double[][] correlations = new double[distances.length][distances.length];
    for (int a = 0; a < distances.length; a++) {
      for (int b = 0; b < distances.length; b++) {
        double km = distances[a][b];
        correlations[a][b] = a == b ? 1 : Double.isNaN(km) ? 0 : varianceComponents.correlation(km);
      }
    }
    return correlations;
  }

  private static double[][] distances(TrialTable table) {
    int n = table.sites().size();
    double[][] distances = new double[n][n];
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        Site from = table.sites().get(a);
        Site to = table.sites().get(b);
        distances[a][b] =
            from.place().flatMap(x -> to.place().map(x::distanceKm)).orElse(Double.NaN);
      }
    }
    return distances;
  }
}
