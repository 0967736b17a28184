package io.soilhub.scalability.performance;

import io.soilhub.scalability.monitoring.Slot;
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
    Times executionTimeMs) {

  /// The same in a stretch of the window.
  public record Point(
      Instant time, long count, long errors, double ratePerSecond, Times executionTimeMs) {}

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
      Times executionTimeMs,
      long stepSeconds,
      List<Point> series) {}

  private static final double NANOS_PER_MILLI = 1e6;

  static OperationView of(String name, Slot slot, Duration window) {
    return new OperationView(
        name,
        slot.count(),
        slot.errors(),
        Times.rounded(slot.errorRate()),
        rate(slot, window),
        Times.of(slot, NANOS_PER_MILLI));
  }

  static List<Point> points(SortedMap<Instant, Slot> course, Duration step) {
    return course.entrySet().stream()
        .map(
            point ->
                new Point(
                    point.getKey(),
                    point.getValue().count(),
                    point.getValue().errors(),
                    rate(point.getValue(), step),
                    Times.of(point.getValue(), NANOS_PER_MILLI)))
        .toList();
  }

  private static double rate(Slot slot, Duration length) {
    return Times.rounded(slot.count() / Math.max(1, length.toMillis() / 1e3));
  }
}
