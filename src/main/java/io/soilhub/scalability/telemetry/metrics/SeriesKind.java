package io.soilhub.scalability.telemetry.metrics;

/// What a series holds.
public enum SeriesKind {
  /// How long work took and whether it failed, in nanoseconds.
  OPERATION,
  /// How much of something happened.
  COUNTER,
  /// How much of something there is; the latest value counts.
  GAUGE,
  /// How values are distributed.
  HISTOGRAM,
  /// How long something took that a caller measured, in milliseconds.
  TIMER
}
