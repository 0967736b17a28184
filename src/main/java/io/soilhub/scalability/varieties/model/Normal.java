package io.soilhub.scalability.varieties.model;

/// The standard normal distribution.
public final class Normal {

  /// Half-width, in standard deviations, of the central interval that holds 80 %.
  public static final double CENTRAL_80 = 1.2815515655446004;

  /// Half-width, in standard deviations, of the central interval that holds 90 %.
  public static final double CENTRAL_90 = 1.6448536269514722;

  private Normal() {}

  /// Probability of a value below `x`; Abramowitz and Stegun 26.2.17, error below 7.5e-8. Chosen
  /// over an exact one for its speed: a recommendation among m candidates takes m * m / 2 of these.
  public static double below(double x) {
    double t = 1 / (1 + 0.2316419 * Math.abs(x));
    double polynomial =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    double tail = Math.exp(-x * x / 2) * 0.3989422804014327 * polynomial;
    return x >= 0 ? 1 - tail : tail;
  }
}
