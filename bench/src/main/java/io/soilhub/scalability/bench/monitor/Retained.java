package io.soilhub.scalability.bench.monitor;

import io.soilhub.scalability.telemetry.metrics.DayOfRecordings;

/// What one operation takes on the heap after 24 hours.
///
/// @param saved bytes where PostgreSQL took every minute
/// @param unsaved bytes where PostgreSQL was away all the time
record Retained(Shape shape, int perMinute, long saved, long unsaved) {

  /// More values than an hour of the larger load has.
  private static final int VALUES = 1 << 20;

  static Retained of(Shape shape, int perMinute) {
    long[] nanos = shape.nanos(VALUES, 7);
    return new Retained(
        shape,
        perMinute,
        DayOfRecordings.heapBytes(nanos, perMinute, true),
        DayOfRecordings.heapBytes(nanos, perMinute, false));
  }
}
