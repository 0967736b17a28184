package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.redis.Lifetime;
import io.soilhub.scalability.cache.redis.Mutation;
import io.soilhub.scalability.cache.redis.PendingChange;
import io.soilhub.scalability.cache.redis.RedisShard;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// One put on its way.
///
/// @param partition the server of the key
/// @param purged tags of which a CDN has to be purged with it
@SuppressWarnings("ArrayRecordComponent") // carries bytes; is never compared
record CachePut(
    EntryKey key,
    DataPolicy policy,
    RedisShard partition,
    byte[] payload,
    Duration ttl,
    Set<String> tags,
    Set<String> purged) {

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
  Mutation write(long floor, boolean dirty, PendingChange debt) {
    return partition.put(member(), lifetime(), floor, dirty, debt, payload, tagList());
  }
}
