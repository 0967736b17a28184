package io.soilhub.scalability.balancing.fleet;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Whether an instance is left alone because of its answers to real requests. Immutable: each
/// method gives the state after what happened.
///
/// @param errorsInRow since the last good answer
/// @param times how often it was ejected without a long quiet time between
/// @param until nanoseconds of the ticker; meaningless while `times` is 0
record Ejection(int errorsInRow, int times, long until, String reason) {

  static final Ejection NONE = new Ejection(0, 0, 0, "");
  private static final long FORGIVEN_AFTER = TimeUnit.MINUTES.toNanos(5);
  private static final long LONGEST = TimeUnit.MINUTES.toNanos(5);

  Ejection good() {
    return errorsInRow == 0 ? this : new Ejection(0, times, until, reason);
  }

  Ejection bad() {
    return new Ejection(errorsInRow + 1, times, until, reason);
  }

  /// Ejected from `now` on, twice as long as the last time.
  Ejection eject(String why, long firstNanos, long now) {
    int count = times > 0 && now - until < FORGIVEN_AFTER ? times + 1 : 1;
    long length = Math.min(LONGEST, firstNanos << Math.min(count - 1, 8));
    return new Ejection(0, count, now + length, why);
  }

  boolean holds(long now) {
    return times > 0 && now - until < 0;
  }

  Optional<String> reason(long now) {
    return holds(now) ? Optional.of(reason) : Optional.empty();
  }
}
