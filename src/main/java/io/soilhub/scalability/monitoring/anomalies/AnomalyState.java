package io.soilhub.scalability.monitoring.anomalies;

import java.time.Instant;

/// What the baseline thinks of the series after one value.
public sealed interface AnomalyState {

  /// Too little history to judge: less than a week, or this hour of the week was never seen.
  record Learning() implements AnomalyState {}

  /// Nothing to report.
  record Usual() implements AnomalyState {}

  /// An alarm stands. A single value of it may lie within the limits: the alarm ends when none of
  /// the last few values was out of them.
  ///
  /// @param expected in the unit of the series
  /// @param low the least value that would have been usual
  /// @param high the greatest value that would have been usual
  /// @param score of this value, in standard deviations of what is usual at this time
  /// @param since when the alarm began, for a stable key of its notification
  record Anomalous(
      Direction direction, double expected, double low, double high, double score, Instant since)
      implements AnomalyState {}

  /// On which side of the usual the values lie.
  enum Direction {
    HIGH,
    LOW
  }
}
