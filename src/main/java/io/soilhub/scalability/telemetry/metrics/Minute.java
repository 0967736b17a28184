package io.soilhub.scalability.telemetry.metrics;

import java.time.Instant;

/// A minute as this process counts it. They follow the clock; when it is set back, minutes come a
/// second time, in another run, which is saved as if another process had recorded it.
///
/// @param number since 1970
/// @param run how often the clock was set back before
record Minute(long number, int run) {

  /// How many minutes a running one may lie ahead of the clock: what is corrected by less makes no
  /// new run.
  static final int MOST_AHEAD = 1;

  static Minute first(Instant now) {
    return new Minute(number(now), 0);
  }

  /// The minute to record in at a time, after this one.
  Minute next(Instant now) {
    long number = number(now);
    if (number < this.number - MOST_AHEAD) {
      return new Minute(number, run + 1);
    }
    return number > this.number ? new Minute(number, run) : this;
  }

  boolean isAfter(Minute other) {
    return run == other.run ? number > other.number : run > other.run;
  }

  Instant start() {
    return Instant.ofEpochSecond(number * 60);
  }

  static long number(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), 60L);
  }
}
