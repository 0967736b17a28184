package io.soilhub.scalability.bench.monitor;

import io.soilhub.scalability.bench.MarkdownPage;
import io.soilhub.scalability.bench.Rounds;
import io.soilhub.scalability.bench.monitor.MonitorCost.Monitored;
import io.soilhub.scalability.bench.rest.RestHarness;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The figures as the tables of docs/benchmarks.md.
///
/// @param delays seconds from a breach to its notification, ascending
record MonitorReport(
    MonitorPlan plan,
    Rounds<Meter, Cost> costs,
    List<Truth> truths,
    List<Retained> retained,
    List<Double> delays,
    Rounds<Monitored, RestHarness.Sample> throughput) {

  String markdown() {
    return String.join(
        "\n",
        "Measured on %s, %d cores, %s, JDK %d."
            .formatted(
                LocalDate.now(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                Runtime.version().feature()),
        "",
        MonitorGoals.of(this),
        "### Recording",
        "",
        "One thread, a JVM a meter, handles kept, median of %d rounds, meters in turn in each."
            .formatted(plan.rounds()),
        "",
        recording(),
        "### Quantiles of a day of %d replicas".formatted(MonitorPlan.REPLICAS),
        "",
        quantilesText(),
        "",
        quantiles(),
        "### Memory of an operation after 24 hours",
        "",
        "Bytes on the heap, by a walk over the objects of the recorder; one recording in fifty"
            + " fails.",
        "",
        memory(),
        "### From a breach to its notification",
        "",
        ("%d breaches, told to two replicas in turn at random moments; an evaluation every 15 s."
                + " The clock stops at the webhook.")
            .formatted(delays.size()),
        "",
        delay(),
        "### The whole monitor beside an empty endpoint",
        "",
        "16 connections, %d starts of both servers, %d rounds of %d s of each, %d s of warm-up."
            .formatted(
                plan.starts(),
                plan.throughputRounds(),
                MonitorPlan.ROUND_MILLIS / 1000,
                plan.warmMillis() / 1000),
        "",
        throughputTable());
  }

  private String recording() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Recording", "ns", "least to most", "bytes allocated"));
    for (Meter meter : costs.keys()) {
      rows.add(
          List.of(
              meter.label(),
              number("%.1f", costs.median(meter, Cost::nanos)),
              range("%.1f", costs, meter, Cost::nanos),
              number("%.2f", costs.most(meter, Cost::bytes))));
    }
    return MarkdownPage.table(rows);
  }

  private static String quantilesText() {
    int slots = MonitorPlan.REPLICAS * MonitorPlan.MINUTES;
    return String.format(
        Locale.ROOT,
        "%,d values each, recorded in %,d slots of a minute, stored, read and merged; the largest"
            + " relative error of p50, p90, p95, p99 and p99.9 against the sorted values.",
        slots * MonitorPlan.A_MINUTE,
        slots);
  }

  private String quantiles() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Distribution", "error", "bytes a slot", "bytes of the day", "merge, ms"));
    for (Truth truth : truths) {
      rows.add(
          List.of(
              truth.shape().label(),
              number("%.2f %%", 100 * truth.error()),
              number("%.0f", truth.slotBytes()),
              number("%,.0f", truth.dayBytes()),
              number("%.0f", truth.mergeMillis())));
    }
    return MarkdownPage.table(rows);
  }

  private String memory() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("Distribution", "a minute", "PostgreSQL takes all", "PostgreSQL is away all day"));
    for (Retained one : retained) {
      rows.add(
          List.of(
              one.shape().label(),
              number("%,.0f", one.perMinute()),
              number("%,.0f", one.saved()),
              number("%,.0f", one.unsaved())));
    }
    return MarkdownPage.table(rows);
  }

  private String delay() {
    List<String> figures =
        List.of(
            number("%.1f", delays.getFirst()),
            number("%.1f", delays.get(delays.size() / 2)),
            number("%.1f", delays.getLast()));
    return MarkdownPage.table(
        List.of(
            List.of("", "shortest", "median", "longest"),
            List.of("seconds", figures.get(0), figures.get(1), figures.get(2))));
  }

  private String throughputTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "GET `/empty`", "answers/s", "least to most", "processor µs of the server, an answer"));
    for (Monitored monitored : throughput.keys()) {
      rows.add(
          List.of(
              monitored.label(),
              number("%,.0f", throughput.median(monitored, RestHarness.Sample::perSecond)),
              range("%,.0f", throughput, monitored, RestHarness.Sample::perSecond),
              number("%.1f", throughput.median(monitored, RestHarness.Sample::cpuMicros))));
    }
    return MarkdownPage.table(rows);
  }

  private static <K, S> String range(
      String format, Rounds<K, S> rounds, K key, ToDoubleFunction<S> value) {
    return number(format, rounds.least(key, value))
        + " to "
        + number(format, rounds.most(key, value));
  }

  static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
