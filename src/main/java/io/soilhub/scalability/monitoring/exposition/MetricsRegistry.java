package io.soilhub.scalability.monitoring.exposition;

import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Gathers what every source tells now.
public final class MetricsRegistry {

  private static final Logger LOG = System.getLogger(MetricsRegistry.class.getName());

  private final List<MetricSource> sources;
  private final Set<MetricSource> failing = ConcurrentHashMap.newKeySet();

  public MetricsRegistry(List<MetricSource> sources) {
    this.sources = List.copyOf(sources);
  }

  /// A source that throws is left out, and logged when it begins to.
  public MetricsWriter metricsWriter() {
    List<MetricFamily> told = new ArrayList<>();
    for (MetricSource source : sources) {
      try {
        told.addAll(source.families());
        failing.remove(source);
      } catch (RuntimeException e) {
        if (failing.add(source)) {
          LOG.log(Level.WARNING, "numbers of " + source.getClass().getName() + " are missing", e);
        }
      }
    }
    told.add(
        MetricFamily.gauge(
            "soilhub_metric_sources_failing",
            "Parts of the service whose numbers are missing here.",
            failing.size()));
    return MetricsWriter.of(told);
  }
}
