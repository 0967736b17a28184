package io.soilhub.scalability.monitoring.exposition;

import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Sample;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// All numbers of one moment: each name once, each series once.
public final class MetricsWriter {

  private final SortedMap<String, MetricFamily> byName = new TreeMap<>();

  /// Several families of one name become one. What was told first stays: help and type of a name,
  /// and the value of a series that is told twice.
  static MetricsWriter of(Collection<MetricFamily> told) {
    MetricsWriter metricsWriter = new MetricsWriter();
    told.forEach(
        family -> metricsWriter.byName.merge(family.name(), family, MetricsWriter::joined));
    return metricsWriter;
  }

  private static MetricFamily joined(MetricFamily first, MetricFamily second) {
    if (first.type() != second.type()) {
      return first;
    }
    List<Sample> samples = new ArrayList<>(first.samples());
    Set<Labels> taken = new HashSet<>();
    samples.forEach(sample -> taken.add(sample.labels()));
    for (Sample sample : second.samples()) {
      if (taken.add(sample.labels())) {
        samples.add(sample);
      }
    }
    return new MetricFamily(first.name(), first.help(), first.type(), samples);
  }

  /// In the order of their names.
  public Collection<MetricFamily> all() {
    return byName.values();
  }

  public String text(Representation form) {
    return switch (form) {
      case OPENMETRICS -> PrometheusTextFormat.openMetrics(all());
      case PROMETHEUS -> PrometheusTextFormat.prometheus(all());
      case JSON -> throw new IllegalArgumentException("JSON is not a text of families");
    };
  }

  /// The sum of the series of a name; empty when there is none.
  public OptionalDouble sum(String name) {
    return sum(name, _ -> true);
  }

  /// The sum of those series of a name that have the label.
  public OptionalDouble sum(String name, String label, String value) {
    return sum(name, labels -> value.equals(labels.values().get(label)));
  }

  private OptionalDouble sum(String name, Predicate<Labels> wanted) {
    if (!byName.containsKey(name)) {
      return OptionalDouble.empty();
    }
    List<Double> values =
        byName.get(name).samples().stream()
            .filter(sample -> wanted.test(sample.labels()))
            .filter(Value.class::isInstance)
            .map(sample -> ((Value) sample).value())
            .toList();
    return values.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(values.stream().mapToDouble(Double::doubleValue).sum());
  }
}
