package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.redis.TagVersions;
import java.util.Optional;

/// What was found below the first level.
///
/// @param stamp with which it may be remembered; nothing when it may not
/// @param softEnd when it should be renewed, and `hardEnd` when it must not be given any more, in
///   milliseconds of the Redis server's clock
/// @param bytes of the value, not compressed
record TieredReadResult<V>(
    CacheReadResult<V> answer,
    Optional<TagVersions.Stamp> stamp,
    long softEnd,
    long hardEnd,
    int bytes) {

  /// Good for this caller only.
  static <V> TieredReadResult<V> once(CacheReadResult<V> answer) {
    return new TieredReadResult<>(answer, Optional.empty(), 0, 0, 0);
  }
}
