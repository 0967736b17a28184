package io.soilhub.scalability.cache;

import java.time.Duration;
import java.util.Optional;

/// The answer to a read.
///
/// @param found whether the cache or the source knows the key; a stored null is found and empty
/// @param ttlRemaining zero when nothing was found, and for a stale value
/// @param stale its lifetime is over; it was given because a new one could not be had in time
public record Cached<V>(
    boolean found, Optional<V> value, Level level, Duration ttlRemaining, boolean stale) {

  static <V> Cached<V> nothing() {
    return new Cached<>(false, Optional.empty(), Level.SOURCE, Duration.ZERO, false);
  }
}
