package io.soilhub.scalability.bench.monitor;

import io.soilhub.scalability.telemetry.histogram.Histogram;
import io.soilhub.scalability.telemetry.histogram.HistogramSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How true the quantiles of a day of several replicas are, stored by the minute, read and merged.
///
/// @param error the largest relative one
/// @param slotBytes of a minute, as a mean
/// @param dayBytes of the merged distribution
record Truth(Shape shape, double error, double slotBytes, int dayBytes, double mergeMillis) {

  private static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99, 0.999};
  private static final int SLOTS = MonitorPlan.REPLICAS * MonitorPlan.MINUTES;

  static Truth of(Shape shape) {
    int each = MonitorPlan.A_MINUTE;
    long[] values = shape.nanos(SLOTS * each, 5);
    List<byte[]> stored = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      Histogram histogram = new Histogram();
      for (int i = 0; i < each; i++) {
        histogram.record(values[slot * each + i]);
      }
      stored.add(histogram.histogramSnapshot().bytes());
    }
    long begin = System.nanoTime();
    HistogramSnapshot merged =
        HistogramSnapshot.merged(stored.stream().map(HistogramSnapshot::of).toList());
    double millis = (System.nanoTime() - begin) / 1e6;
    Arrays.sort(values);
    double error = 0;
    for (double q : QUANTILES) {
      double exact = values[(int) Math.ceil(q * values.length) - 1];
      error = Math.max(error, Math.abs(merged.quantile(q) - exact) / exact);
    }
    double bytes = stored.stream().mapToInt(b -> b.length).average().orElseThrow();
    return new Truth(shape, error, bytes, merged.bytes().length, millis);
  }
}
