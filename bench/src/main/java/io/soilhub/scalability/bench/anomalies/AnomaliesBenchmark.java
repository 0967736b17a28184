package io.soilhub.scalability.bench.anomalies;

import io.soilhub.scalability.bench.MarkdownPage;
import io.soilhub.scalability.bench.anomalies.Trace.Point;
import io.soilhub.scalability.monitoring.anomalies.Baseline;
import io.soilhub.scalability.monitoring.anomalies.BaselineSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Replays the traces in the folder `TRACES_DIR` and writes what was found, and what was not, into
/// docs/benchmarks.md. The counts are the same on every machine.
public final class AnomaliesBenchmark {

  private static final int SEEDS = 5;

  private static final Map<String, Function<Duration, Detector>> DETECTORS = detectors();

  private AnomaliesBenchmark() {}

  private static Map<String, Function<Duration, Detector>> detectors() {
    Map<String, Function<Duration, Detector>> detectors = new LinkedHashMap<>();
    detectors.put("**baseline**", OurBaseline::new);
    detectors.put("robust Holt-Winters", RobustHoltWinters::new);
    detectors.put("seasonal median", SeasonalMedian::new);
    detectors.put("rolling mean, 3 sigma", RollingMean::new);
    detectors.put("static threshold", StaticThreshold::new);
    return detectors;
  }

  /// @param arguments the page to write
  public static void main(String[] arguments) throws IOException {
    String folder = System.getenv("TRACES_DIR");
    if (folder == null) {
      throw new IllegalStateException("TRACES_DIR has to name the folder of the traces");
    }
    List<Trace> traces = Traces.read(Path.of(folder));
    String text =
        "Measured on %s; %s.\n\n%s\n%s"
            .formatted(
                LocalDate.now(), cost(traces.getFirst()), alarms(traces), injections(traces));
    System.out.println(text);
    MarkdownPage.replace(Path.of(arguments[0]), "anomalies", text);
  }

  private static String alarms(List<Trace> traces) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "Trace",
            "detector",
            "points",
            "alarms",
            "false",
            "false a week",
            "known events found"));
    for (Trace trace : traces) {
      DETECTORS.forEach(
          (name, detector) -> {
            Replay replay = Replay.of(trace, detector.apply(trace.step()));
            rows.add(
                List.of(
                    trace.name(),
                    name,
                    "%,d".formatted(trace.points().size()),
                    "" + replay.begins().size(),
                    "" + replay.falseAlarms(),
                    String.format(Locale.ROOT, "%.2f", replay.falseAlarmsPerWeek()),
                    "%d of %d%s"
                        .formatted(
                            replay.found().size(),
                            trace.judgedEvents().size(),
                            missed(trace, replay))));
          });
    }
    return MarkdownPage.table(rows);
  }

  private static String missed(Trace trace, Replay replay) {
    List<Known> missed = new ArrayList<>(trace.judgedEvents());
    missed.removeAll(replay.found());
    return missed.isEmpty()
        ? ""
        : missed.stream().map(Known::what).collect(Collectors.joining(", ", " (not: ", ")"));
  }

  private static String injections(List<Trace> traces) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("Trace", "detector"));
    for (Injection injection : Injection.values()) {
      head.add(injection.text() + ": found");
      head.add("after, min");
    }
    rows.add(head);
    for (Trace trace : traces) {
      DETECTORS.forEach(
          (name, detector) -> {
            List<String> row = new ArrayList<>(List.of(trace.name(), name));
            for (Injection injection : Injection.values()) {
              row.addAll(found(trace, detector, injection));
            }
            rows.add(row);
          });
    }
    return MarkdownPage.table(rows);
  }

  private static List<String> found(
      Trace trace, Function<Duration, Detector> detector, Injection injection) {
    int found = 0;
    int of = 0;
    List<Duration> delays = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      List<Known> intervals = injection.intervals(trace, seed);
      Trace injected = injection.into(trace, intervals);
      Replay.Share share = Replay.of(injected, detector.apply(trace.step())).found(intervals);
      found += share.found();
      of += share.of();
      delays.addAll(share.delays());
    }
    delays.sort(null);
    String share = of == 0 ? "none" : "%.0f %% of %d".formatted(100.0 * found / of, of);
    String delay = delays.isEmpty() ? "" : "" + delays.get(delays.size() / 2).toMinutes();
    return List.of(share, delay);
  }

  /// Of the last of some rounds over the same trace.
  private static String cost(Trace trace) {
    double nanos = 0;
    int bytes = 0;
    for (int round = 0; round < 20; round++) {
      Baseline baseline = new Baseline(BaselineSettings.counts(trace.step()));
      long begin = System.nanoTime();
      for (Point point : trace.points()) {
        baseline.next(point.at(), point.value());
      }
      nanos = (double) (System.nanoTime() - begin) / trace.points().size();
      bytes = baseline.toBytes().length;
    }
    return String.format(
        Locale.ROOT,
        "one value costs the baseline %.1f µs, its state is %,d bytes",
        nanos / 1e3,
        bytes);
  }
}
