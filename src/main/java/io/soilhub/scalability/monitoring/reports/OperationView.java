package io.soilhub.scalability.monitoring.reports;

import io.soilhub.scalability.telemetry.metrics.TimeSlot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/// One operation over a window.
///
/// @param errors how often it failed
/// @param errorRate 0 to 1
/// @param ratePerSecond over the whole window
public record OperationView(
    String operation,
    long count,
    long errors,
    double errorRate,
    double ratePerSecond,
    LatencySummary executionTimeMs) {

  /// The same in a stretch of the window.
  public record Point(
      Instant time,
      long count,
      long errors,
      double ratePerSecond,
      LatencySummary executionTimeMs) {}

  /// One operation with its course.
  ///
  /// @param complete false when only this replica's memory could be asked
  public record WithCourse(
      String operation,
      Instant from,
      Instant to,
      boolean complete,
      long count,
      long errors,
      double errorRate,
      double ratePerSecond,
      LatencySummary executionTimeMs,
      long stepSeconds,
      List<Point> series) {}

  private static final double NANOS_PER_MILLI = 1e6;

  static OperationView of(String name, TimeSlot slot, Duration window) {
    return new OperationView(
        name,
        slot.count(),
        slot.errors(),
        LatencySummary.rounded(slot.errorRate()),
        rate(slot, window),
        LatencySummary.of(slot, NANOS_PER_MILLI));
  }

  static List<Point> points(SortedMap<Instant, TimeSlot> course, Duration step) {
    return course.entrySet().stream()
        .map(
            point ->
                new Point(
                    point.getKey(),
                    point.getValue().count(),
                    point.getValue().errors(),
                    rate(point.getValue(), step),
                    LatencySummary.of(point.getValue(), NANOS_PER_MILLI)))
        .toList();
  }

  private static double rate(TimeSlot slot, Duration length) {
    return LatencySummary.rounded(slot.count() / Math.max(1, length.toMillis() / 1e3));
  }
}
