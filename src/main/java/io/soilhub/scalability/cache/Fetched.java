package io.soilhub.scalability.cache;

import io.soilhub.scalability.coherence.View;
import java.util.Optional;

/// What was found below the first level.
///
/// @param stamp with which it may be remembered; nothing when it may not
/// @param softEnd when it should be renewed, and `hardEnd` when it must not be given any more, in
///   milliseconds of the Redis server's clock
/// @param bytes of the value, not compressed
record Fetched<V>(
    Cached<V> answer, Optional<View.Stamp> stamp, long softEnd, long hardEnd, int bytes) {

  /// Good for this caller only.
  static <V> Fetched<V> once(Cached<V> answer) {
    return new Fetched<>(answer, Optional.empty(), 0, 0, 0);
  }
}
