package io.soilhub.scalability.varieties.model;

import io.soilhub.scalability.varieties.trials.Environment;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import io.soilhub.scalability.varieties.trials.Site;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The model of one data set, made once at load and then only read. For the yield of variety i in
/// the environment e, at its place in its year:
///
///     y = mu_e + g_i + l_i(place) + t_i(year) + error
///
/// with variances vg, vl, vy, ve and the local part correlated by exp(-distance / length) (best linear
/// unbiased prediction with spatial genotype-by-location covariance: Piepho 1994, 1998; Atlin et al.
/// 2000). Environment means come from [Blup]; each variety has then its own small Gaussian
/// process over its trials, whose factor is kept: a question costs two triangular solves a variety.
public final class TrialModel {

  private final TrialTable table;
  private final VarianceComponents varianceComponents;
  private final double[][] siteCorrelations;
  private final Blup effects;
  private final List<Posterior> posteriors;

  private record Posterior(Cholesky factor, double[] weights) {}

  private TrialModel(TrialTable table, VarianceComponents varianceComponents) {
    this.table = table;
    this.varianceComponents = varianceComponents;
    this.siteCorrelations = siteCorrelations(table.sites(), varianceComponents);
    this.effects = Blup.of(table, varianceComponents.lambda());
    this.posteriors = new ArrayList<>(table.varieties().size());
    for (int v = 0; v < table.varieties().size(); v++) {
      posteriors.add(posterior(v));
    }
  }

  public static TrialModel of(TrialTable table, VarianceComponents varianceComponents) {
    return new TrialModel(table, varianceComponents);
  }

  private static double[][] siteCorrelations(
      List<Site> sites, VarianceComponents varianceComponents) {
    double[][] correlations = new double[sites.size()][];
    for (int s = 0; s < sites.size(); s++) {
      correlations[s] = correlationsTo(sites.get(s), sites, varianceComponents);
    }
    return correlations;
  }

  /// A site without coordinates correlates with itself alone.
  private static double[] correlationsTo(
      Site from, List<Site> sites, VarianceComponents varianceComponents) {
    return sites.stream()
        .mapToDouble(
            to ->
                to.location().equals(from.location())
                    ? 1
                    : from.place()
                        .flatMap(
                            a ->
                                to.place()
                                    .map(b -> varianceComponents.correlation(a.distanceKm(b))))
                        .orElse(0.0))
        .toArray();
  }

  private Posterior posterior(int variety) {
    int start = table.start(variety);
    int n = table.siteYears(variety);
    Cholesky factor =
        Cholesky.factor(n, covariance(table, variety, varianceComponents, siteCorrelations));
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      weights[i] =
          table.yield(start + i) - effects.environmentMeans()[table.environmentIndex(start + i)];
    }
    factor.solve(weights);
    return new Posterior(factor, weights);
  }

  /// Covariance of the rows of one variety, packed for [Cholesky].
  static double[] covariance(
      TrialTable table,
      int variety,
      VarianceComponents varianceComponents,
      double[][] siteCorrelations) {
    int start = table.start(variety);
    int n = table.siteYears(variety);
    double[] packed = new double[n * (n + 1) / 2];
    for (int i = 0, at = 0; i < n; i++) {
      Environment one = table.environment(start + i);
      for (int j = 0; j <= i; j++, at++) {
        Environment other = table.environment(start + j);
        packed[at] =
            varianceComponents.vg()
                + varianceComponents.vl() * siteCorrelations[one.site()][other.site()]
                + (one.year() == other.year() ? varianceComponents.vy() : 0)
                + (i == j ? varianceComponents.ve() : 0);
      }
    }
    return packed;
  }

  static double[][] correlations(TrialTable table, VarianceComponents varianceComponents) {
    return siteCorrelations(table.sites(), varianceComponents);
  }

  public TrialTable table() {
    return table;
  }

  public VarianceComponents varianceComponents() {
    return varianceComponents;
  }

  /// Yield of the average variety in an environment, by the environment's number in the table.
  public double environmentMean(int environment) {
    return effects.environmentMeans()[environment];
  }

  Blup effects() {
    return effects;
  }

  /// Variance of one future trial around the posterior of a variety: its season and the trial's
  /// error.
  public double futureTrialVariance() {
    return varianceComponents.vy() + varianceComponents.ve();
  }

  /// All varieties, in the order of the table, in a future season at `place`.
  public List<Prediction> predictAt(GeoPoint place) {
    double[] correlations =
        table.sites().stream()
            .mapToDouble(
                site ->
                    site.place()
                        .map(p -> varianceComponents.correlation(p.distanceKm(place)))
                        .orElse(0.0))
            .toArray();
    return predictAll(new PredictionTarget(correlations, OptionalInt.empty()));
  }

  /// All varieties in a future season, by their general part alone: for places that no trial speaks
  /// of.
  public List<Prediction> predictAnywhere() {
    return predictAll(new PredictionTarget(new double[table.sites().size()], OptionalInt.empty()));
  }

  /// Advantage of each variety on the mean of the table's sites.
  public double[] meanAdvantages() {
    int n = table.sites().size();
    double[] mean = new double[n];
    for (double[] correlations : siteCorrelations) {
      for (int s = 0; s < n; s++) {
        mean[s] += correlations[s] / n;
      }
    }
    return predictAll(new PredictionTarget(mean, OptionalInt.empty())).stream()
        .mapToDouble(Prediction::advantage)
        .toArray();
  }

  private List<Prediction> predictAll(PredictionTarget target) {
    List<Prediction> predictions = new ArrayList<>(posteriors.size());
    for (int v = 0; v < posteriors.size(); v++) {
      predictions.add(predict(v, target));
    }
    return predictions;
  }

  /// At a site of the table in a year of which other sites may be known.
  PredictionTarget targetAt(Environment environment) {
    return new PredictionTarget(
        siteCorrelations[environment.site()], OptionalInt.of(environment.year()));
  }

  /// At a site of the table in a year to come.
  PredictionTarget futureAt(int site) {
    return new PredictionTarget(siteCorrelations[site], OptionalInt.empty());
  }

  Prediction predict(int variety, PredictionTarget target) {
    Posterior posterior = posteriors.get(variety);
    int start = table.start(variety);
    int n = posterior.factor().size();
    double[] c = new double[n];
    double broad = 0;
    double local = 0;
    boolean yearKnown = target.year().isPresent();
    int year = target.year().orElse(0);
    for (int i = 0; i < n; i++) {
      Environment environment = table.environment(start + i);
      double near = varianceComponents.vl() * target.correlations()[environment.site()];
      double season = yearKnown && environment.year() == year ? varianceComponents.vy() : 0;
      broad += (varianceComponents.vg() + season) * posterior.weights()[i];
      local += near * posterior.weights()[i];
      c[i] = varianceComponents.vg() + near + season;
    }
    posterior.factor().forward(c);
    double variance =
        varianceComponents.vg()
            + varianceComponents.vl()
            + (yearKnown ? varianceComponents.vy() : 0);
    for (double z : c) {
      variance -= z * z;
    }
    return new Prediction(broad, local, Math.max(0, variance));
  }
}
