package io.soilhub.scalability.prediction;

import io.soilhub.scalability.trials.Constants;
import io.soilhub.scalability.trials.Environment;
import io.soilhub.scalability.trials.Place;
import io.soilhub.scalability.trials.Site;
import io.soilhub.scalability.trials.TrialTable;
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
/// 2000). Environment means come from [VarietyEffects]; each variety has then its own small Gaussian
/// process over its trials, whose factor is kept: a question costs two triangular solves a variety.
public final class TrialModel {

  private final TrialTable table;
  private final Constants constants;
  private final double[][] siteCorrelations;
  private final VarietyEffects effects;
  private final List<Posterior> posteriors;

  private record Posterior(Cholesky factor, double[] weights) {}

  private TrialModel(TrialTable table, Constants constants) {
    this.table = table;
    this.constants = constants;
    this.siteCorrelations = siteCorrelations(table.sites(), constants);
    this.effects = VarietyEffects.of(table, constants.lambda());
    this.posteriors = new ArrayList<>(table.varieties().size());
    for (int v = 0; v < table.varieties().size(); v++) {
      posteriors.add(posterior(v));
    }
  }

  public static TrialModel of(TrialTable table, Constants constants) {
    return new TrialModel(table, constants);
  }

  private static double[][] siteCorrelations(List<Site> sites, Constants constants) {
    double[][] correlations = new double[sites.size()][];
    for (int s = 0; s < sites.size(); s++) {
      correlations[s] = correlationsTo(sites.get(s), sites, constants);
    }
    return correlations;
  }

  /// A site without coordinates correlates with itself alone.
  private static double[] correlationsTo(Site from, List<Site> sites, Constants constants) {
    return sites.stream()
        .mapToDouble(
            to ->
                to.location().equals(from.location())
                    ? 1
                    : from.place()
                        .flatMap(a -> to.place().map(b -> constants.correlation(a.distanceKm(b))))
                        .orElse(0.0))
        .toArray();
  }

  private Posterior posterior(int variety) {
    int start = table.start(variety);
    int n = table.siteYears(variety);
    Cholesky factor = Cholesky.factor(n, covariance(table, variety, constants, siteCorrelations));
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
      TrialTable table, int variety, Constants constants, double[][] siteCorrelations) {
    int start = table.start(variety);
    int n = table.siteYears(variety);
    double[] packed = new double[n * (n + 1) / 2];
    for (int i = 0, at = 0; i < n; i++) {
      Environment one = table.environment(start + i);
      for (int j = 0; j <= i; j++, at++) {
        Environment other = table.environment(start + j);
        packed[at] =
            constants.vg()
                + constants.vl() * siteCorrelations[one.site()][other.site()]
                + (one.year() == other.year() ? constants.vy() : 0)
                + (i == j ? constants.ve() : 0);
      }
    }
    return packed;
  }

  static double[][] correlations(TrialTable table, Constants constants) {
    return siteCorrelations(table.sites(), constants);
  }

  public TrialTable table() {
    return table;
  }

  public Constants constants() {
    return constants;
  }

  /// Yield of the average variety in an environment, by the environment's number in the table.
  public double environmentMean(int environment) {
    return effects.environmentMeans()[environment];
  }

  VarietyEffects effects() {
    return effects;
  }

  /// Variance of one future trial around the posterior of a variety: its season and the trial's
  /// error.
  public double futureTrialVariance() {
    return constants.vy() + constants.ve();
  }

  /// All varieties, in the order of the table, in a future season at `place`.
  public List<Prediction> predictAt(Place place) {
    double[] correlations =
        table.sites().stream()
            .mapToDouble(
                site ->
                    site.place().map(p -> constants.correlation(p.distanceKm(place))).orElse(0.0))
            .toArray();
    return predictAll(new Target(correlations, OptionalInt.empty()));
  }

  /// All varieties in a future season, by their general part alone: for places that no trial speaks
  /// of.
  public List<Prediction> predictAnywhere() {
    return predictAll(new Target(new double[table.sites().size()], OptionalInt.empty()));
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
    return predictAll(new Target(mean, OptionalInt.empty())).stream()
        .mapToDouble(Prediction::advantage)
        .toArray();
  }

  private List<Prediction> predictAll(Target target) {
    List<Prediction> predictions = new ArrayList<>(posteriors.size());
    for (int v = 0; v < posteriors.size(); v++) {
      predictions.add(predict(v, target));
    }
    return predictions;
  }

  /// At a site of the table in a year of which other sites may be known.
  Target targetAt(Environment environment) {
    return new Target(siteCorrelations[environment.site()], OptionalInt.of(environment.year()));
  }

  /// At a site of the table in a year to come.
  Target futureAt(int site) {
    return new Target(siteCorrelations[site], OptionalInt.empty());
  }

  Prediction predict(int variety, Target target) {
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
      double near = constants.vl() * target.correlations()[environment.site()];
      double season = yearKnown && environment.year() == year ? constants.vy() : 0;
      broad += (constants.vg() + season) * posterior.weights()[i];
      local += near * posterior.weights()[i];
      c[i] = constants.vg() + near + season;
    }
    posterior.factor().forward(c);
    double variance = constants.vg() + constants.vl() + (yearKnown ? constants.vy() : 0);
    for (double z : c) {
      variance -= z * z;
    }
    return new Prediction(broad, local, Math.max(0, variance));
  }
}
