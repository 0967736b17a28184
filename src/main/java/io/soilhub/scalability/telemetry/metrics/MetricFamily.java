package io.soilhub.scalability.telemetry.metrics;

import java.util.List;

/// Series of one name as Prometheus reads them: base units (seconds, bytes, ratios of 0 to 1),
/// `soilhub_` in front, the unit at the end of the name, `_total` on counters alone.
///
/// @param help one sentence
/// @param samples all of one kind, which the type tells: [Value] for counters and gauges,
///   [Distribution] for histograms
public record MetricFamily(String name, String help, Type type, List<? extends Sample> samples) {

  public enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM
  }

  public sealed interface Sample {
    Labels labels();
  }

  public record Value(Labels labels, double value) implements Sample {}

  /// @param bounds upper bounds of the buckets, ascending, without infinity
  /// @param counts values up to each bound, cumulative; ends with the count of all
  public record Distribution(Labels labels, List<Double> bounds, List<Long> counts, double sum)
      implements Sample {

    public Distribution {
      bounds = List.copyOf(bounds);
      counts = List.copyOf(counts);
      if (counts.size() != bounds.size() + 1) {
        throw new IllegalArgumentException("one count for each bound and one for all");
      }
    }
  }

  public MetricFamily {
    samples = List.copyOf(samples);
    if (!name.matches("soilhub_[a-z0-9_]+") || name.endsWith("_total") != (type == Type.COUNTER)) {
      throw new IllegalArgumentException("no name for a %s: %s".formatted(type, name));
    }
  }

  public static MetricFamily counter(String name, String help, double value) {
    return new MetricFamily(name, help, Type.COUNTER, List.of(new Value(Labels.NONE, value)));
  }

  public static MetricFamily gauge(String name, String help, double value) {
    return new MetricFamily(name, help, Type.GAUGE, List.of(new Value(Labels.NONE, value)));
  }
}
