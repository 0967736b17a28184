package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.redis.Lifetime;
import io.soilhub.scalability.cache.redis.Mutation;
import io.soilhub.scalability.cache.redis.PendingChange;
import io.soilhub.scalability.cache.redis.RedisFull;
import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.platform.core.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// One put on its way.
///
/// @param shard the server of the key
/// @param ttl 1 second to 30 days
/// @param purged tags of which a CDN has to be purged with it
@SuppressWarnings("ArrayRecordComponent") // carries bytes; is never compared
record CachePut(
    EntryKey key,
    DataPolicy policy,
    RedisShard shard,
    byte[] payload,
    Duration ttl,
    Set<String> tags,
    Set<String> purged) {

  private static final Duration LONGEST = Duration.ofDays(30);

  /// @throws Problem INVALID for another ttl
  CachePut {
    if (ttl.toSeconds() < 1 || ttl.compareTo(LONGEST) > 0) {
      throw Problem.invalid("/ttl", "must be 1 to %d seconds".formatted(LONGEST.toSeconds()));
    }
    tags = Set.copyOf(tags);
    purged = Set.copyOf(purged);
  }

  /// The same when its purges are written down already.
  CachePut withoutPurges() {
    return new CachePut(key, policy, shard, payload, ttl, tags, Set.of());
  }

  String member() {
    return CacheContext.member(key);
  }

  List<String> tagList() {
    return List.copyOf(tags);
  }

  Lifetime lifetime() {
    return CacheContext.exactly(ttl, policy.staleFor());
  }

  /// Writes it to its server, whatever is there.
  ///
  /// @param floor a version that its own has to be above
  /// @param dirty whether the third level has to follow
  /// @throws RedisFull when the server has no memory for it
  Mutation write(long floor, boolean dirty, PendingChange pending) {
    return shard.put(member(), lifetime(), floor, dirty, pending, payload, tagList());
  }
}
