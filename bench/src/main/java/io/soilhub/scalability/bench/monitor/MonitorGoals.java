package io.soilhub.scalability.bench.monitor;

import static io.soilhub.scalability.bench.monitor.MonitorReport.number;

import io.soilhub.scalability.bench.MarkdownPage;
import io.soilhub.scalability.bench.monitor.MonitorCost.Monitored;
import io.soilhub.scalability.bench.rest.RestHarness;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What was wanted, beside what was measured.
final class MonitorGoals {

  private MonitorGoals() {}

  static String of(MonitorReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Goal", "wanted", "measured"));
    rows.add(List.of("recording a timer, ns", "at most 50", nanos(report, Meter.OUR_TIMER)));
    rows.add(List.of("recording a timer, bytes allocated", "0", bytes(report, Meter.OUR_TIMER)));
    rows.add(List.of("counting, ns", "at most 15", nanos(report, Meter.OUR_COUNTER)));
    rows.add(List.of("counting, bytes allocated", "0", bytes(report, Meter.OUR_COUNTER)));
    rows.add(
        List.of(
            "largest error of a quantile, %d replicas and 24 h merged"
                .formatted(MonitorPlan.REPLICAS),
            "at most 1 %",
            number("%.2f %%", 100 * most(report.truths(), Truth::error))));
    rows.add(
        List.of(
            "memory of an operation after 24 h, kB",
            "below 64",
            number("%.1f", most(report.retained(), Retained::saved) / 1000)));
    rows.add(
        List.of(
            "the same without PostgreSQL, kB",
            "below 64",
            number("%.1f", most(report.retained(), Retained::unsaved) / 1000)));
    rows.add(
        List.of(
            "from a breach to its notification, longest of %d, s".formatted(report.delays().size()),
            "below 20",
            number("%.1f", report.delays().getLast())));
    rows.add(
        List.of(
            "throughput of an empty endpoint that the monitor costs",
            "below 3 %",
            number("%.1f %%", 100 * (1 - ratio(report, RestHarness.Sample::perSecond)))));
    rows.add(
        List.of(
            "processor time of an answer that the monitor adds",
            "below 3 %",
            number("%.1f %%", 100 * (ratio(report, RestHarness.Sample::cpuMicros) - 1))));
    return MarkdownPage.table(rows);
  }

  private static String nanos(MonitorReport report, Meter meter) {
    return number("%.1f", report.costs().median(meter, Cost::nanos));
  }

  private static String bytes(MonitorReport report, Meter meter) {
    return number("%.2f", report.costs().most(meter, Cost::bytes));
  }

  private static <T> double most(List<T> all, ToDoubleFunction<T> value) {
    return all.stream().mapToDouble(value).max().orElseThrow();
  }

  /// With the monitor over without.
  private static double ratio(MonitorReport report, ToDoubleFunction<RestHarness.Sample> figure) {
    return report.throughput().median(Monitored.YES, figure)
        / report.throughput().median(Monitored.NO, figure);
  }
}
