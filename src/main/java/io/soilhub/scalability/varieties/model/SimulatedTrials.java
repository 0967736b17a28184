package io.soilhub.scalability.varieties.model;

import io.soilhub.scalability.varieties.trials.GeoPoint;
import io.soilhub.scalability.varieties.trials.Observation;
import io.soilhub.scalability.varieties.trials.Site;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import io.soilhub.scalability.varieties.trials.Variety;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Trials drawn from the model itself, with the truth that no real trial shows. The demonstration
/// set is one such draw, and the tests hold the model against others.
///
/// @param advantages true advantage of each variety (first index) at each site: broad and local
///   part
record SimulatedTrials(
    List<Variety> varieties,
    List<Site> sites,
    List<Observation> observations,
    double[][] advantages) {

  /// What is grown where.
  ///
  /// @param center around which the sites lie
  /// @param radiusKm within which they lie
  /// @param share of the varieties that stand in one trial, 0 to 1; each stands in one trial at
  ///   least
  /// @param level mean yield over all environments
  record Design(
      int varieties,
      int sites,
      int firstYear,
      int years,
      GeoPoint center,
      double radiusKm,
      double share,
      double level) {}

  private static final double KM_PER_DEGREE = 111.2;

  static SimulatedTrials draw(
      Design design, VarianceComponents varianceComponents, RandomGenerator random) {
    List<Site> sites = sites(design, random);
    List<Variety> varieties = new ArrayList<>();
    for (int v = 0; v < design.varieties(); v++) {
      varieties.add(new Variety("demo %02d".formatted(v + 1), "synthetic"));
    }
    double[][] advantages = advantages(design, varianceComponents, sites, random);
    List<Observation> observations = new ArrayList<>();
    double[][] seasons =
        normals(design.varieties(), design.years(), varianceComponents.vy(), random);
    for (int s = 0; s < design.sites(); s++) {
      for (int y = 0; y < design.years(); y++) {
        double mean = design.level() * (1 + 0.12 * random.nextGaussian());
        for (int v = 0; v < design.varieties(); v++) {
          boolean needed = s == v % design.sites() && y == v % design.years();
          if (random.nextDouble() < design.share() || needed) {
            double yield =
                mean
                    + advantages[v][s]
                    + seasons[v][y]
                    + Math.sqrt(varianceComponents.ve()) * random.nextGaussian();
            observations.add(
                new Observation(
                    varieties.get(v).id(),
                    sites.get(s).location(),
                    design.firstYear() + y,
                    Math.max(0, Math.rint(10 * yield) / 10)));
          }
        }
      }
    }
    return new SimulatedTrials(varieties, sites, observations, advantages);
  }

  TrialTable table() {
    return TrialTable.of(varieties, sites, observations);
  }

  private static List<Site> sites(Design design, RandomGenerator random) {
    List<Site> sites = new ArrayList<>();
    for (int s = 0; s < design.sites(); s++) {
      double distance = design.radiusKm() * Math.sqrt(random.nextDouble());
      double direction = 2 * Math.PI * random.nextDouble();
      double north = distance * Math.cos(direction) / KM_PER_DEGREE;
      double latitude = design.center().latitude() + north;
      double east =
          distance
              * Math.sin(direction)
              / (KM_PER_DEGREE * Math.cos(Math.toRadians(design.center().latitude())));
      sites.add(
          Site.at(
              "demo site %02d".formatted(s + 1),
              new GeoPoint(rounded(latitude), rounded(design.center().longitude() + east))));
    }
    return sites;
  }

  private static double rounded(double degrees) {
    return Math.rint(10_000 * degrees) / 10_000;
  }

  /// Broad part plus a draw of the local part over all sites at once, by the factor of its
  /// covariance.
  private static double[][] advantages(
      Design design,
      VarianceComponents varianceComponents,
      List<Site> sites,
      RandomGenerator random) {
    int n = sites.size();
    double[] packed = new double[n * (n + 1) / 2];
    for (int i = 0, at = 0; i < n; i++) {
      for (int j = 0; j <= i; j++, at++) {
        double km =
            sites.get(i).place().orElseThrow().distanceKm(sites.get(j).place().orElseThrow());
        packed[at] =
            varianceComponents.vl() * varianceComponents.correlation(km) + (i == j ? 1e-9 : 0);
      }
    }
    Cholesky factor = Cholesky.factor(n, packed);
    double[][] broad = normals(design.varieties(), 1, varianceComponents.vg(), random);
    double[][] advantages = normals(design.varieties(), n, 1, random);
    for (int v = 0; v < advantages.length; v++) {
      factor.multiply(advantages[v]);
      for (int s = 0; s < n; s++) {
        advantages[v][s] += broad[v][0];
      }
    }
    return advantages;
  }

  private static double[][] normals(
      int rows, int columns, double variance, RandomGenerator random) {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int c = 0; c < columns; c++) {
        row[c] = Math.sqrt(variance) * random.nextGaussian();
      }
    }
    return values;
  }
}
