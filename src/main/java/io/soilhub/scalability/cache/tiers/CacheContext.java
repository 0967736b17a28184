package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.postgres.Invalidation;
import io.soilhub.scalability.cache.redis.Lifetime;
import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.platform.core.RendezvousHash;
import io.soilhub.scalability.platform.core.Ticker;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The shared levels and what else every cache of a replica needs.
///
/// @param rings the Redis servers of each kind of data
/// @param l1Ttl longest time that a value stays in memory
/// @param tokens names for loads and writes, never the same twice
record CacheContext(
    Map<DataType, RendezvousHash<RedisShard>> rings,
    ThirdLevel third,
    Payload payload,
    Duration l1Ttl,
    Ticker ticker,
    RandomGenerator random,
    Supplier<String> tokens) {

  /// The name of an entry on its server.
  static String member(EntryKey key) {
    return key.type() + ':' + key.key();
  }

  static EntryKey key(String member) {
    int colon = member.indexOf(':');
    return new EntryKey(member.substring(0, colon), member.substring(colon + 1));
  }

  RedisShard shard(DataType type, String member) {
    return rings.get(type).owner(member);
  }

  /// The servers that an invalidation has to reach: a tag is on all of them, a key on one.
  Set<RedisShard> concerned(Invalidation what) {
    Set<RedisShard> concerned = new LinkedHashSet<>();
    if (!what.tags().isEmpty()) {
      rings.values().forEach(ring -> concerned.addAll(ring.members()));
    }
    what.keys().forEach(key -> concerned.add(shard(key)));
    return concerned;
  }

  /// The keys that one of them holds.
  List<String> members(Invalidation what, RedisShard shard) {
    return what.keys().stream()
        .filter(key -> shard(key) == shard)
        .map(CacheContext::member)
        .toList();
  }

  RedisShard shard(EntryKey key) {
    return shard(DataType.of(key.type()), member(key));
  }

  /// Of a loaded value. Values that were loaded together do not end together, and are renewed a
  /// little before they end.
  Lifetime ofLoaded(Duration ttl, Duration staleFor) {
    long hard = Math.max(1, (long) (ttl.toMillis() * (0.9 + 0.1 * random.nextDouble())));
    return new Lifetime(
        Duration.ofMillis(hard * 9 / 10),
        Duration.ofMillis(hard),
        Duration.ofMillis(hard).plus(staleFor));
  }

  /// Of a value that was put with a lifetime: exactly that.
  static Lifetime exactly(Duration ttl, Duration staleFor) {
    return new Lifetime(ttl, ttl, ttl.plus(staleFor));
  }
}
