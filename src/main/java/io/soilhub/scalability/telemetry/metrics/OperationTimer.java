package io.soilhub.scalability.telemetry.metrics;

/// Records one kind of work. Keep it: a record by it allocates nothing.
public interface OperationTimer {

  /// @param nanos how long the work took; negative ones count as zero
  void record(long nanos, boolean failed);
}
