package io.soilhub.scalability.cache.tiers;

import java.util.Optional;

/// What was found below the first level.
///
/// @param l1Entry as which it may be remembered; empty when it is good for this caller only
record TieredReadResult<V>(CacheReadResult<V> answer, Optional<L1Entry<V>> l1Entry) {

  /// Good for this caller only.
  static <V> TieredReadResult<V> once(CacheReadResult<V> answer) {
    return new TieredReadResult<>(answer, Optional.empty());
  }
}
