package io.soilhub.scalability.monitoring.reports;

import io.soilhub.scalability.telemetry.metrics.SeriesKind;
import io.soilhub.scalability.telemetry.metrics.TimeSlot;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// A metric over a window: the whole, and the course of each set of labels.
///
/// @param complete false when only this replica's memory could be asked; then there is no course
/// @param series ordered by their labels
public record MetricView(
    String name,
    String metricType,
    Instant from,
    Instant to,
    boolean complete,
    Summary summary,
    long stepSeconds,
    List<Labelled> series) {

  /// What is left out does not exist for the type: a counter has a total, a gauge its latest value
  /// and bounds, a histogram and a timer (in milliseconds) their distribution.
  ///
  /// @param count how often it was recorded
  public record Summary(
      long count,
      Optional<Double> total,
      Optional<Level> level,
      Optional<LatencySummary> distribution) {}

  /// @param latest recorded last by any replica
  public record Level(double latest, double average, double min, double max) {}

  public record Point(Instant time, Summary summary) {}

  public record Labelled(Map<String, String> labels, Summary summary, List<Point> points) {}

  static Summary summary(SeriesKind kind, TimeSlot slot) {
    return switch (kind) {
      case COUNTER ->
          new Summary(slot.count(), Optional.of(slot.sum()), Optional.empty(), Optional.empty());
      case GAUGE ->
          new Summary(
              slot.count(),
              Optional.empty(),
              Optional.of(
                  new Level(
                      slot.latest(),
                      LatencySummary.rounded(slot.average()),
                      slot.min(),
                      slot.max())),
              Optional.empty());
      case HISTOGRAM, TIMER, OPERATION ->
          new Summary(
              slot.count(),
              Optional.of(slot.sum()),
              Optional.empty(),
              Optional.of(LatencySummary.of(slot, kind == SeriesKind.OPERATION ? 1e6 : 1)));
    };
  }

  static List<Point> points(SeriesKind kind, SortedMap<Instant, TimeSlot> course) {
    return course.entrySet().stream()
        .map(point -> new Point(point.getKey(), summary(kind, point.getValue())))
        .toList();
  }

  static String type(SeriesKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
