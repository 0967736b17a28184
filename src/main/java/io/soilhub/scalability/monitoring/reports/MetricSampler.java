package io.soilhub.scalability.monitoring.reports;

import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import io.soilhub.scalability.telemetry.metrics.MetricsRecorder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Records what the sources of this replica tell, so that its gauges and counters have a past that
/// all replicas can look at: a gauge as it is, under the label `node`; of a counter what it grew
/// by.
public final class MetricSampler {

  private record Key(String name, Labels labels) {}

  private static final Logger LOG = System.getLogger(MetricSampler.class.getName());

  /// Counters of the whole cluster: every replica tells them, so that they would count repeatedly.
  private static final Set<String> OF_ALL = Set.of("soilhub_jobs_processed_total");

  /// What is told here because it was recorded.
  private static final Pattern RECORDED = Pattern.compile("soilhub_(custom|operation)_.*");

  private final MetricsRecorder metricsRecorder;
  private final String node;
  private final Supplier<List<MetricSource>> sources;
  private final Map<Key, MetricsRecorder.Gauge> gauges = new HashMap<>();
  private final Map<Key, MetricsRecorder.Counter> counters = new HashMap<>();
  private final Map<Key, Double> before = new HashMap<>();

  /// A counter that comes later begins at zero; of the first ones nobody knows.
  private boolean begun;

  MetricSampler(
      MetricsRecorder metricsRecorder, String node, Supplier<List<MetricSource>> sources) {
    this.metricsRecorder = metricsRecorder;
    this.node = node;
    this.sources = sources;
  }

  /// To be called every few seconds by one loop.
  void step() {
    for (MetricSource source : sources.get()) {
      try {
        source.families().forEach(this::record);
      } catch (RuntimeException e) {
        LOG.log(Level.DEBUG, "a source of metrics failed", e);
      }
    }
    begun = true;
  }

  private void record(MetricFamily family) {
    for (MetricFamily.Sample sample : family.samples()) {
      if (sample instanceof MetricFamily.Value(Labels labels, double value)
          && !OF_ALL.contains(family.name())
          && !RECORDED.matcher(family.name()).matches()) {
        record(family, new Key(family.name(), labels), value);
      }
    }
  }

  private void record(MetricFamily family, Key key, double value) {
    if (family.type() == MetricFamily.Type.GAUGE) {
      gauges
          .computeIfAbsent(key, k -> metricsRecorder.gauge(k.name, ofThisNode(k.labels)))
          .set(value);
    } else {
      Double last = before.put(key, value);
      double grown = last != null ? value - last : begun ? value : 0;
      if (grown > 0) {
        counters.computeIfAbsent(key, k -> metricsRecorder.counter(k.name, k.labels)).add(grown);
      }
    }
  }

  private Labels ofThisNode(Labels labels) {
    Map<String, String> all = new TreeMap<>(labels.values());
    all.put("node", node);
    return Labels.of(all);
  }
}
