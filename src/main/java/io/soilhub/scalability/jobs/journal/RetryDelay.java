package io.soilhub.scalability.jobs.journal;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Exponential backoff with full jitter (Brooker, "Exponential Backoff And Jitter", AWS
/// Architecture Blog, 2015): uniform between nothing and a ceiling that doubles with every attempt
/// until the cap.
///
/// @param base ceiling after the first attempt
/// @param cap greatest ceiling
public record RetryDelay(Duration base, Duration cap) {

  public RetryDelay {
    if (base.toMillis() < 1 || cap.compareTo(base) < 0) {
      throw new IllegalArgumentException("a delay from %s to %s".formatted(base, cap));
    }
  }

  /// @param attempt the one that failed, from 1
  public Duration after(int attempt, RandomGenerator random) {
    return Duration.ofMillis(random.nextLong(ceiling(attempt).toMillis() + 1));
  }

  /// Saturates: the doubling stops at the cap before it could overflow.
  Duration ceiling(int attempt) {
    long most = cap.toMillis();
    int doublings = Math.max(0, attempt - 1);
    boolean beyond = doublings >= Long.numberOfLeadingZeros(base.toMillis()) - 1;
    return Duration.ofMillis(beyond ? most : Math.min(most, base.toMillis() << doublings));
  }
}
