package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.redis.RedisShard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the cache of one replica did since it started.
///
/// @param levels by level: how many reads it answered, and how many went on below it
/// @param dataTypes by kind of data
/// @param servers whether each Redis server is in use, and how old this replica's knowledge of its
///   log is
public record CacheStatistics(
    Map<String, LevelCounts> levels, Map<String, TypeCounts> dataTypes, List<Server> servers) {

  /// @param hitRate share of the reads that came this far; 0 when none did
  public record LevelCounts(long hits, long misses, double hitRate) {

    static LevelCounts of(long hits, long misses) {
      return new LevelCounts(hits, misses, hits == 0 ? 0 : (double) hits / (hits + misses));
    }
  }

  /// @param misses reads that no level could answer
  /// @param refusedFills loads that were not kept because something was invalidated meanwhile, or
  ///   because Redis is full
  /// @param size entries in this replica's memory
  public record TypeCounts(
      long l1Hits,
      long l2Hits,
      long l3Hits,
      long misses,
      long loads,
      long loadFailures,
      long refusedFills,
      long staleServed,
      long puts,
      long invalidations,
      long evictions,
      long size) {}

  public record Server(int number, boolean available, long lagMs) {}

  static CacheStatistics of(
      Map<DataType, Counters> counters,
      Collection<TieredCache<?>> caches,
      List<RedisShard> shards) {
    Map<String, TypeCounts> types = new TreeMap<>();
    long l1 = 0;
    long l2 = 0;
    long l3 = 0;
    long misses = 0;
    for (var counted : counters.entrySet()) {
      Counters c = counted.getValue();
      long size =
          caches.stream()
              .filter(cache -> cache.type() == counted.getKey())
              .mapToLong(TieredCache::size)
              .sum();
      types.put(counted.getKey().code(), counts(c, size));
      l1 += c.l1Hits.sum();
      l2 += c.l2Hits.sum();
      l3 += c.l3Hits.sum();
      misses += c.misses.sum();
    }
    Map<String, LevelCounts> levels = new TreeMap<>();
    levels.put("l1", LevelCounts.of(l1, l2 + l3 + misses));
    levels.put("l2", LevelCounts.of(l2, l3 + misses));
    levels.put("l3", LevelCounts.of(l3, misses));
    return new CacheStatistics(levels, types, servers(shards));
  }

  private static TypeCounts counts(Counters c, long size) {
    return new TypeCounts(
        c.l1Hits.sum(),
        c.l2Hits.sum(),
        c.l3Hits.sum(),
        c.misses.sum(),
        c.loads.sum(),
        c.loadFailures.sum(),
        c.refused.sum(),
        c.stale.sum(),
        c.puts.sum(),
        c.invalidations.sum(),
        c.evictions.sum(),
        size);
  }

  private static List<Server> servers(List<RedisShard> shards) {
    List<Server> servers = new ArrayList<>();
    for (int i = 0; i < shards.size(); i++) {
      RedisShard shard = shards.get(i);
      servers.add(new Server(i, shard.available(), shard.lag().toMillis()));
    }
    return servers;
  }
}
