package io.soilhub.scalability.performance;

import io.soilhub.scalability.monitoring.Slot;

/// How values were distributed, as answers show it: quantiles within 1 %, the rest exact.
public record Times(double average, double min, double max, double p50, double p95, double p99) {

  /// @param divisor what one unit of the answer is in units of the slot
  static Times of(Slot slot, double divisor) {
    return new Times(
        rounded(slot.average() / divisor),
        rounded(slot.min() / divisor),
        rounded(slot.max() / divisor),
        quantile(slot, 0.5, divisor),
        quantile(slot, 0.95, divisor),
        quantile(slot, 0.99, divisor));
  }

  private static double quantile(Slot slot, double q, double divisor) {
    return rounded(slot.distribution().quantile(q) / divisor);
  }

  /// To six significant digits, a hundred times finer than quantiles are.
  static double rounded(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value;
    }
    double scale = Math.pow(10, 5 - Math.floor(Math.log10(Math.abs(value))));
    return Math.round(value * scale) / scale;
  }
}
