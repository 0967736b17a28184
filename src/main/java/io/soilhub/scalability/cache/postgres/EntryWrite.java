package io.soilhub.scalability.cache.postgres;

import io.soilhub.scalability.platform.core.Problem;
import java.time.Duration;
import java.util.Set;

/// A put on its way to the third level.
///
/// @param ttl 1 second to 30 days
/// @param version given by Redis, greater than 0; of two puts to a key the greater one stays
@SuppressWarnings("ArrayRecordComponent") // carries bytes; is never compared
public record EntryWrite(
    EntryKey key, byte[] payload, Set<String> tags, Duration ttl, long version) {

  static final Duration LONGEST = Duration.ofDays(30);
  static final long PAST_REDIS = 0;

  /// @throws Problem INVALID when tags or ttl are out of bounds
  public EntryWrite {
    tags = Tags.checked(tags, Tags.MOST_OF_ENTRY);
    if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(LONGEST) > 0) {
      throw Problem.invalid("/ttl", "must be 1 to %d seconds".formatted(LONGEST.toSeconds()));
    }
  }

  static EntryWrite pastRedis(EntryKey key, byte[] payload, Set<String> tags, Duration ttl) {
    return new EntryWrite(key, payload, tags, ttl, PAST_REDIS);
  }
}
