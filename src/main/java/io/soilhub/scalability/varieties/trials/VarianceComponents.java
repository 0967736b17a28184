package io.soilhub.scalability.varieties.trials;

/// Variances of the model and the reach of its local part, fitted once per data set
/// (docs/varieties.md).
///
/// @param vg of the part of a variety that shows everywhere, unit squared
/// @param vl of the part that changes with the place
/// @param vy of the part that a variety shows in all places of one year
/// @param ve of what is left: one trial's error; positive
/// @param lengthKm distance at which the local part of two places correlates by 1/e; 0 when `vl` is
///   0
public record VarianceComponents(double vg, double vl, double vy, double ve, double lengthKm) {

  public VarianceComponents {
    requireVariance("vg", vg);
    requireVariance("vl", vl);
    requireVariance("vy", vy);
    requireVariance("ve", ve);
    if (ve == 0) {
      throw new IllegalArgumentException("ve must be positive: no trial is free of error");
    }
    if (vg + vl == 0) {
      throw new IllegalArgumentException(
          "vg + vl must be positive: else all varieties are the same");
    }
    if (vl > 0 && !(lengthKm > 0 && lengthKm <= 20_000)) {
      throw new IllegalArgumentException(
          "length_km must be between 0 and 20000 when vl is positive");
    }
    lengthKm = vl > 0 ? lengthKm : 0;
  }

  private static void requireVariance(String name, double value) {
    if (!(value >= 0 && value < 1e14)) {
      throw new IllegalArgumentException(name + " " + value + " is not a variance");
    }
  }

  /// Pseudo-trials by which a variety's mean is drawn to zero. The year's part counts as error here
  /// and the local part as signal, so that a data set with `vg` 0 still has a finite value.
  public double lambda() {
    return (vy + ve) / (vg + vl);
  }

  /// Correlation of the local parts of two places.
  public double correlation(double distanceKm) {
    return vl == 0 ? 0 : Math.exp(-distanceKm / lengthKm);
  }
}
