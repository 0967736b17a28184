package io.soilhub.scalability.monitoring.anomalies;

/// An axis on which the noise of a series is about the same at night and at noon: Anscombe's (1948)
/// inverse hyperbolic sine for counts whose variance is `m + DISPERSION m²`. Small counts are
/// treated like Poisson's (square root), large ones by their ratio (logarithm), so that seasons
/// that multiply become seasons that add. Values below zero are mirrored.
final class AnscombeTransform {

  static final double DISPERSION = 0.03;

  private static final double ROOT = Math.sqrt(DISPERSION);
  private static final double OFFSET = 0.375;
  private static final double ORIGIN = positive(0);

  private AnscombeTransform() {}

  static double of(double grains) {
    return Math.copySign(positive(Math.abs(grains)) - ORIGIN, grains);
  }

  static double inverse(double stabilised) {
    double sinh = Math.sinh((Math.abs(stabilised) + ORIGIN) * ROOT / 2);
    return Math.copySign(Math.max(0, sinh * sinh / DISPERSION - OFFSET), stabilised);
  }

  private static double positive(double grains) {
    double x = ROOT * Math.sqrt(grains + OFFSET);
    return 2 / ROOT * Math.log(x + Math.sqrt(x * x + 1));
  }
}
