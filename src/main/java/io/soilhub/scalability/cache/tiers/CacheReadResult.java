package io.soilhub.scalability.cache.tiers;

import java.time.Duration;
import java.util.Optional;

/// The answer to a read.
///
/// @param found whether the cache or the source knows the key; a stored null is found and empty
/// @param ttlRemaining of the value, or of the fact that there is none; zero when it may be untrue
///   by now: for a stale value, and when nothing was found because a level is away
/// @param stale its lifetime is over; it was given because a new one could not be had in time
public record CacheReadResult<V>(
    boolean found, Optional<V> value, Level level, Duration ttlRemaining, boolean stale) {

  static <V> CacheReadResult<V> valid(Optional<V> value, Level level, Duration ttlRemaining) {
    return new CacheReadResult<>(value.isPresent(), value, level, ttlRemaining, false);
  }

  static <V> CacheReadResult<V> outdated(Optional<V> value, Level level) {
    return new CacheReadResult<>(value.isPresent(), value, level, Duration.ZERO, true);
  }

  static <V> CacheReadResult<V> nothing(Duration believed) {
    return new CacheReadResult<>(false, Optional.empty(), Level.SOURCE, believed, false);
  }
}
