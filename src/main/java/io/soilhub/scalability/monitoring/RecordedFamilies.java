package io.soilhub.scalability.monitoring;

import io.soilhub.scalability.monitoring.Family.Distribution;
import io.soilhub.scalability.monitoring.Family.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What this process recorded since its start, as Prometheus reads it: whoever scrapes all replicas
/// adds their buckets up and has the quantiles of all, which averages of quantiles are not.
final class RecordedFamilies implements MetricSource {

  /// Upper bounds of latencies in seconds.
  private static final double[] SECONDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60
  };

  private static final double[] DECADES = {
    0.001, 0.01, 0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9
  };

  private final Recorders recorders;

  RecordedFamilies(Recorders recorders) {
    this.recorders = recorders;
  }

  @Override
  public List<Family> families() {
    List<Family> families = new ArrayList<>(operations());
    Map<String, List<Recorder>> custom = new TreeMap<>();
    for (Recorder recorder : recorders.all()) {
      Series series = recorder.series();
      // Samples of what others tell here are told by these.
      if (series.kind() != SeriesKind.OPERATION && !series.name().startsWith("soilhub_")) {
        custom.computeIfAbsent(series.name(), _ -> new ArrayList<>()).add(recorder);
      }
    }
    custom.values().forEach(recorded -> families.add(custom(recorded)));
    families.add(
        Family.counter(
            "soilhub_monitor_overflowed_total",
            "Recordings that were put together because there were too many names or labels.",
            recorders.overflowed()));
    families.add(
        Family.gauge(
            "soilhub_monitor_series", "Series that this replica records.", recorders.all().size()));
    families.add(
        Family.counter(
            "soilhub_monitor_lost_total",
            "Recordings that were given up because they could not be saved for days.",
            recorders.all().stream().mapToLong(Recorder::lost).sum()));
    return families;
  }

  private List<Family> operations() {
    List<Sample> durations = new ArrayList<>();
    List<Sample> errors = new ArrayList<>();
    recorded(SeriesKind.OPERATION)
        .forEach(
            recorder -> {
              Labels labels = Labels.of("operation", recorder.series().name());
              Slot total = recorder.total();
              durations.add(distribution(labels, total, SECONDS, 1e9));
              errors.add(new Family.Value(labels, total.errors()));
            });
    return List.of(
        new Family(
            "soilhub_operation_duration_seconds",
            "How long operations took.",
            Family.Type.HISTOGRAM,
            durations),
        new Family(
            "soilhub_operation_errors_total",
            "Operations that failed.",
            Family.Type.COUNTER,
            errors));
  }

  private Stream<Recorder> recorded(SeriesKind kind) {
    return recorders.all().stream().filter(r -> r.series().kind() == kind);
  }

  private static Family custom(List<Recorder> recorded) {
    Series first = recorded.getFirst().series();
    String name = "soilhub_custom_" + first.name();
    List<Sample> samples = new ArrayList<>();
    for (Recorder recorder : recorded) {
      Labels labels = recorder.series().labels();
      Slot total = recorder.total();
      samples.add(
          switch (first.kind()) {
            case COUNTER -> new Family.Value(labels, total.sum());
            case GAUGE -> new Family.Value(labels, total.latest());
            case TIMER -> distribution(labels, total, SECONDS, 1e3);
            case HISTOGRAM, OPERATION -> distribution(labels, total, DECADES, 1);
          });
    }
    String help = "Sent by callers under the name " + first.name() + ".";
    return switch (first.kind()) {
      case COUNTER -> new Family(name + "_total", help, Family.Type.COUNTER, samples);
      case GAUGE -> new Family(name, help, Family.Type.GAUGE, samples);
      case TIMER -> new Family(name + "_seconds", help, Family.Type.HISTOGRAM, samples);
      case HISTOGRAM, OPERATION -> new Family(name, help, Family.Type.HISTOGRAM, samples);
    };
  }

  private static Distribution distribution(
      Labels labels, Slot slot, double[] bounds, double divisor) {
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
