package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.platform.postgres.Nodes;
import io.soilhub.scalability.resilience.health.HealthStatus;
import io.soilhub.scalability.resilience.health.SystemHealth;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.Series;
import io.soilhub.scalability.telemetry.metrics.SeriesKind;
import io.soilhub.scalability.telemetry.metrics.StatisticsQuery;
import io.soilhub.scalability.telemetry.metrics.TimeSlot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/// Answers for every signal but breakers, of which there are none yet.
///
/// Windows begin at full minutes and so may be up to a minute longer than a rule says.
final class RecordedSignals implements SignalSource {

  private static final double NANOS = 1e9;

  /// How long a gauge counts as what there is now; replicas tell it every few seconds. As far ahead
  /// too: their clocks may differ.
  private static final Duration RECENT = Duration.ofSeconds(30);

  private static final List<SeriesKind> CUSTOM =
      List.of(SeriesKind.GAUGE, SeriesKind.COUNTER, SeriesKind.HISTOGRAM, SeriesKind.TIMER);

  private final StatisticsQuery statistics;
  private final Supplier<SystemHealth> health;
  private final Nodes nodes;
  private final Clock clock;

  /// @param health of this replica
  RecordedSignals(
      StatisticsQuery statistics, Supplier<SystemHealth> health, Nodes nodes, Clock clock) {
    this.statistics = statistics;
    this.health = health;
    this.nodes = nodes;
    this.clock = clock;
  }

  /// @throws IllegalStateException when this replica cannot answer for the others
  @Override
  public List<Reading> readings(AlertSignal signal, Duration window) {
    return switch (signal.kind()) {
      case CPU_RATIO -> means("soilhub_process_cpu_ratio", window);
      case MEMORY_RATIO -> means("soilhub_memory_used_ratio", window);
      case ERROR_RATIO -> operation("http", window, TimeSlot::errorRate, Labels.NONE);
      case RESPONSE_SECONDS_P95 ->
          operation("http", window, slot -> slot.quantile(0.95) / NANOS, Labels.NONE);
      case CACHE_MISS_RATIO -> misses(window);
      case QUEUE_BACKLOG -> backlog();
      case COMPONENT_DOWN -> components();
      case REPLICAS_MISSING -> List.of(new Reading(Labels.NONE, nodes.missing(), 1));
      case BREAKER_OPEN -> List.of();
      case METRIC -> metric(signal, window);
      case OPERATION ->
          operation(
              signal.name(),
              window,
              (slot, length) -> statistic(signal.statistic(), slot.count(), slot, length, NANOS),
              Labels.of("operation", signal.name()));
    };
  }

  private List<Reading> means(String gauge, Duration window) {
    return recorded(List.of(SeriesKind.GAUGE), gauge, window).entrySet().stream()
        .map(e -> new Reading(e.getKey().labels(), e.getValue().average(), e.getValue().count()))
        .toList();
  }

  private List<Reading> operation(
      String name, Duration window, ToDoubleFunction<TimeSlot> value, Labels subject) {
    return operation(name, window, (slot, _) -> value.applyAsDouble(slot), subject);
  }

  private List<Reading> operation(
      String name, Duration window, ToDoubleBiFunction<TimeSlot, Duration> value, Labels subject) {
    StatisticsQuery.Window found = found(List.of(SeriesKind.OPERATION), name, window);
    return found.series().values().stream()
        .map(slot -> new Reading(subject, value.applyAsDouble(slot, found.length()), slot.count()))
        .toList();
  }

  /// What no level answered, of all that was asked: a read comes to the first level first.
  private List<Reading> misses(Duration window) {
    double asked = 0;
    double missed = 0;
    for (Map.Entry<Series, TimeSlot> one :
        recorded(List.of(SeriesKind.COUNTER), "soilhub_cache_requests_total", window).entrySet()) {
      Map<String, String> labels = one.getKey().labels().values();
      if ("l1".equals(labels.get("level"))) {
        asked += one.getValue().sum();
      } else if ("l3".equals(labels.get("level")) && "miss".equals(labels.get("outcome"))) {
        missed += one.getValue().sum();
      }
    }
    return asked == 0
        ? List.of()
        : List.of(new Reading(Labels.NONE, missed / asked, Math.round(asked)));
  }

  /// Every replica tells the cluster's number; the latest counts.
  private List<Reading> backlog() {
    Map<String, TimeSlot> latest = new TreeMap<>();
    recent("soilhub_queue_waiting")
        .forEach(
            (labels, slot) ->
                latest.merge(
                    labels.getOrDefault("queue", ""),
                    slot,
                    (a, b) -> a.latestAt().isAfter(b.latestAt()) ? a : b));
    return latest.entrySet().stream()
        .map(e -> new Reading(Labels.of("queue", e.getKey()), e.getValue().latest(), 1))
        .toList();
  }

  /// Down where any replica finds it down: what this one sees now, and what the others told last,
  /// which is at most HEALTH_CHECK_INTERVAL older.
  private List<Reading> components() {
    Map<String, Double> down = new TreeMap<>();
    health
        .get()
        .serviceStatus()
        .forEach((name, seen) -> down.put(name, seen.status() == HealthStatus.UNHEALTHY ? 1.0 : 0));
    recent("soilhub_component_up")
        .forEach(
            (labels, slot) -> {
              if (!nodes.self().id().equals(labels.get("node"))) {
                down.merge(labels.getOrDefault("component", ""), 1 - slot.latest(), Math::max);
              }
            });
    return down.entrySet().stream()
        .map(e -> new Reading(Labels.of("component", e.getKey()), e.getValue(), 1))
        .toList();
  }

  /// The series of a gauge that were told a moment ago, by their labels.
  private Map<Map<String, String>, TimeSlot> recent(String gauge) {
    Instant now = clock.instant();
    Map<Map<String, String>, TimeSlot> told = new HashMap<>();
    recorded(List.of(SeriesKind.GAUGE), gauge, RECENT)
        .forEach(
            (series, slot) -> {
              if (Duration.between(slot.latestAt(), now).abs().compareTo(RECENT) < 0) {
                told.put(series.labels().values(), slot);
              }
            });
    return told;
  }

  private List<Reading> metric(AlertSignal signal, Duration window) {
    StatisticsQuery.Window found = found(CUSTOM, signal.name(), window);
    return found.series().entrySet().stream()
        .map(
            e ->
                new Reading(
                    e.getKey().labels(),
                    metric(signal.statistic(), e.getKey().kind(), e.getValue(), found.length()),
                    e.getValue().count()))
        .toList();
  }

  /// How much a counter counted is its sum, not how often it was told.
  private static double metric(
      AlertSignal.Statistic statistic, SeriesKind kind, TimeSlot slot, Duration length) {
    if (statistic == AlertSignal.Statistic.VALUE) {
      return kind == SeriesKind.GAUGE ? slot.latest() : slot.sum();
    }
    return statistic(
        statistic, kind == SeriesKind.COUNTER ? slot.sum() : slot.count(), slot, length, 1);
  }

  /// @param count of what happened
  /// @param divisor what a base unit is in the slot's
  private static double statistic(
      AlertSignal.Statistic statistic,
      double count,
      TimeSlot slot,
      Duration length,
      double divisor) {
    return switch (statistic) {
      case VALUE -> slot.sum() / divisor;
      case COUNT -> count;
      case RATE -> count / (length.toMillis() / 1e3);
      case ERROR_RATIO -> slot.errorRate();
      case AVERAGE -> slot.average() / divisor;
      case MAX -> slot.max() / divisor;
      case P50 -> slot.quantile(0.5) / divisor;
      case P95 -> slot.quantile(0.95) / divisor;
      case P99 -> slot.quantile(0.99) / divisor;
    };
  }

  private Map<Series, TimeSlot> recorded(List<SeriesKind> kinds, String name, Duration window) {
    return found(kinds, name, window).series();
  }

  private StatisticsQuery.Window found(List<SeriesKind> kinds, String name, Duration window) {
    StatisticsQuery.Window found = statistics.window(kinds, Optional.of(name), window);
    if (!found.complete()) {
      throw new IllegalStateException("only this replica's numbers are at hand");
    }
    return found;
  }
}
