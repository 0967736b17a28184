package io.soilhub.scalability.jobs.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// How long jobs are expected to take, by their type: the mean of the first runs, then a moving
/// average, slow enough to remember that one in a hundred takes long.
final class RunTimes {

  private static final double UNKNOWN = Duration.ofSeconds(1).toNanos();
  private static final double WEIGHT_OF_NEWEST = 0.02;

  /// What is known of a type.
  private static final class Average {
    /// Share of it in the jobs of late, unscaled.
    private double share;

    private long runs;
    private double nanos = UNKNOWN;
  }

  private final Map<String, Average> types = new HashMap<>();

  /// A job of this type was taken.
  ///
  /// @return nanoseconds that it is expected to take
  synchronized long taken(String type) {
    types.values().forEach(average -> average.share *= 1 - WEIGHT_OF_NEWEST);
    Average average = types.computeIfAbsent(type, _ -> new Average());
    average.share += WEIGHT_OF_NEWEST;
    return (long) average.nanos;
  }

  /// A job of this type has run.
  synchronized void ran(String type, long nanos) {
    Average average = types.computeIfAbsent(type, _ -> new Average());
    average.runs++;
    average.nanos += Math.max(1.0 / average.runs, WEIGHT_OF_NEWEST) * (nanos - average.nanos);
  }

  /// Nanoseconds that the next job is expected to take: the types come in the shares of late.
  synchronized long next() {
    double shares = 0;
    double nanos = 0;
    for (Average average : types.values()) {
      shares += average.share;
      nanos += average.share * average.nanos;
    }
    return (long) (shares > 0 ? nanos / shares : UNKNOWN);
  }
}
