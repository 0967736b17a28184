package io.soilhub.scalability.monitoring.reports;

import io.soilhub.scalability.telemetry.metrics.TimeSlot;

/// How values were distributed, as answers show it: quantiles within 1 %, the rest exact.
public record LatencySummary(
    double average, double min, double max, double p50, double p95, double p99) {

  /// @param divisor what one unit of the answer is in units of the slot
  static LatencySummary of(TimeSlot slot, double divisor) {
    return new LatencySummary(
        rounded(slot.average() / divisor),
        rounded(slot.min() / divisor),
        rounded(slot.max() / divisor),
        quantile(slot, 0.5, divisor),
        quantile(slot, 0.95, divisor),
        quantile(slot, 0.99, divisor));
  }

  private static double quantile(TimeSlot slot, double q, double divisor) {
    return rounded(slot.quantile(q) / divisor);
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
