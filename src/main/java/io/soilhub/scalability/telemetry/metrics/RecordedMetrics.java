package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.telemetry.metrics.MetricFamily.Distribution;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What this process recorded since its start, as Prometheus reads it: whoever scrapes all replicas
/// adds their buckets up and has the quantiles of all, which averages of quantiles are not.
final class RecordedMetrics implements MetricSource {

  /// Upper bounds of latencies in seconds.
  private static final double[] SECONDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60
  };

  private static final double[] DECADES = {
    0.001, 0.01, 0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9
  };

  private final RecorderRegistry recorderRegistry;

  RecordedMetrics(RecorderRegistry recorderRegistry) {
    this.recorderRegistry = recorderRegistry;
  }

  @Override
  public List<MetricFamily> families() {
    List<MetricFamily> families = new ArrayList<>(operations());
    Map<String, List<SeriesRecorder>> custom = new TreeMap<>();
    for (SeriesRecorder recorder : recorderRegistry.all()) {
      Series series = recorder.series();
      // Samples of what others tell here are told by these.
      if (series.kind() != SeriesKind.OPERATION && !series.name().startsWith("soilhub_")) {
        custom.computeIfAbsent(series.name(), _ -> new ArrayList<>()).add(recorder);
      }
    }
    custom.values().forEach(recorded -> families.add(custom(recorded)));
    families.add(
        MetricFamily.counter(
            "soilhub_monitor_overflowed_total",
            "Recordings that were put together because there were too many names or labels.",
            recorderRegistry.overflowed()));
    families.add(
        MetricFamily.gauge(
            "soilhub_monitor_series",
            "Series that this replica records.",
            recorderRegistry.all().size()));
    families.add(
        MetricFamily.counter(
            "soilhub_monitor_lost_total",
            "Recordings that were given up because they could not be saved for days.",
            recorderRegistry.all().stream().mapToLong(SeriesRecorder::lost).sum()));
    return families;
  }

  private List<MetricFamily> operations() {
    List<Sample> durations = new ArrayList<>();
    List<Sample> errors = new ArrayList<>();
    recorded(SeriesKind.OPERATION)
        .forEach(
            recorder -> {
              Labels labels = Labels.of("operation", recorder.series().name());
              TimeSlot total = recorder.total();
              durations.add(distribution(labels, total, SECONDS, 1e9));
              errors.add(new MetricFamily.Value(labels, total.errors()));
            });
    return List.of(
        new MetricFamily(
            "soilhub_operation_duration_seconds",
            "How long operations took.",
            MetricFamily.Type.HISTOGRAM,
            durations),
        new MetricFamily(
            "soilhub_operation_errors_total",
            "Operations that failed.",
            MetricFamily.Type.COUNTER,
            errors));
  }

  private Stream<SeriesRecorder> recorded(SeriesKind kind) {
    return recorderRegistry.all().stream().filter(r -> r.series().kind() == kind);
  }

  private static MetricFamily custom(List<SeriesRecorder> recorded) {
    Series first = recorded.getFirst().series();
    String name = "soilhub_custom_" + first.name();
    List<Sample> samples = new ArrayList<>();
    for (SeriesRecorder recorder : recorded) {
      Labels labels = recorder.series().labels();
      TimeSlot total = recorder.total();
      samples.add(
          switch (first.kind()) {
            case COUNTER -> new MetricFamily.Value(labels, total.sum());
            case GAUGE -> new MetricFamily.Value(labels, total.latest());
            case TIMER -> distribution(labels, total, SECONDS, 1e3);
            case HISTOGRAM, OPERATION -> distribution(labels, total, DECADES, 1);
          });
    }
    String help = "Sent by callers under the name " + first.name() + ".";
    return switch (first.kind()) {
      case COUNTER -> new MetricFamily(name + "_total", help, MetricFamily.Type.COUNTER, samples);
      case GAUGE -> new MetricFamily(name, help, MetricFamily.Type.GAUGE, samples);
      case TIMER -> new MetricFamily(name + "_seconds", help, MetricFamily.Type.HISTOGRAM, samples);
      case HISTOGRAM, OPERATION ->
          new MetricFamily(name, help, MetricFamily.Type.HISTOGRAM, samples);
    };
  }

  private static Distribution distribution(
      Labels labels, TimeSlot slot, double[] bounds, double divisor) {
    double[] scaled = new double[bounds.length];
    List<Double> shown = new ArrayList<>();
    for (int i = 0; i < bounds.length; i++) {
      scaled[i] = bounds[i] * divisor;
      shown.add(bounds[i]);
    }
    List<Long> counts = new ArrayList<>();
    for (long below : slot.distribution().cumulative(scaled)) {
      counts.add(below);
    }
    counts.add(slot.count());
    return new Distribution(labels, shown, counts, slot.sum() / divisor);
  }
}
