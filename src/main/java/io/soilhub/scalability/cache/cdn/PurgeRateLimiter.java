package io.soilhub.scalability.cache.cdn;

import java.time.Duration;
import java.util.Optional;

/// How fast purges may follow each other: a token bucket of one second's requests, as the generic
/// cell rate algorithm keeps it in one instant (ITU-T I.371), and a pause that doubles with each
/// failure. The pause is the CDN's and not a row's: one that does not answer would not answer the
/// next row either.
record PurgeRateLimiter(double perSecond) {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final int MOST_DOUBLINGS = 6;

  /// Between two requests at a steady pace.
  Duration interval() {
    return Duration.ofNanos(Math.round(1e9 / perSecond));
  }

  /// By how much requests after a rest may be ahead of the steady pace.
  Duration slack() {
    return interval().multipliedBy(Math.max(1, (long) perSecond) - 1);
  }

  /// @param failures in a row, 1 after the first
  /// @param asked what the CDN asked for itself
  static Duration pause(int failures, Optional<Duration> asked) {
    Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    Duration pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    return asked.filter(wait -> wait.compareTo(pause) > 0).orElse(pause);
  }
}
