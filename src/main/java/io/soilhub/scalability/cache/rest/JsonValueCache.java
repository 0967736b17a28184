package io.soilhub.scalability.cache.rest;

import io.soilhub.scalability.cache.tiers.CacheOptions;
import io.soilhub.scalability.cache.tiers.CacheReadResult;
import io.soilhub.scalability.cache.tiers.CacheStatistics;
import io.soilhub.scalability.cache.tiers.CacheWriteResult;
import io.soilhub.scalability.cache.tiers.DataType;
import io.soilhub.scalability.cache.tiers.DistributedCache;
import io.soilhub.scalability.cache.tiers.TieredCache;
import io.soilhub.scalability.cache.tiers.WriteOutcome;
import io.soilhub.scalability.platform.core.Problem;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The JSON values that clients put, by kind of data and key. All calls throw a problem
/// `component-disabled` when the cache is turned off.
final class JsonValueCache {

  private final DistributedCache cache;
  private final Map<DataType, TieredCache<String>> caches = new EnumMap<>(DataType.class);

  /// Variety data is what a CDN may have an answer of; its key is the tag of that answer.
  JsonValueCache(DistributedCache cache) {
    this.cache = cache;
    for (DataType type : DataType.values()) {
      CacheOptions<String> options =
          type == DataType.VARIETY_DATA
              ? CacheOptions.storeAtEdge(JsonText.CODEC)
              : CacheOptions.store(JsonText.CODEC);
      caches.put(type, cache.open(type, options));
    }
  }

  /// The text of a value, and where it was found.
  CacheReadResult<String> read(DataType type, String key) {
    return of(type).read(key);
  }

  /// @throws Problem INVALID for a key that begins with `~`: those are the service's own
  /// @param ttl `CACHE_TTL_DEFAULT` when there is none
  CacheWriteResult put(
      DataType type, String key, JsonText value, Optional<Duration> ttl, Set<String> tags) {
    requireClients(key);
    return of(type).put(key, value.text(), ttl.orElse(cache.settings().ttl()), tags);
  }

  CacheWriteResult delete(DataType type, String key) {
    requireClients(key);
    return of(type).invalidate(key);
  }

  WriteOutcome invalidate(Set<String> tags) {
    requireEnabled();
    return cache.invalidate(tags);
  }

  CacheStatistics statistics() {
    requireEnabled();
    return cache.statistics();
  }

  private TieredCache<String> of(DataType type) {
    requireEnabled();
    return caches.get(type);
  }

  private static void requireClients(String key) {
    if (key.startsWith("~")) {
      throw Problem.invalid("/key", "must not begin with ~: such keys are the service's own");
    }
  }

  private void requireEnabled() {
    if (!cache.settings().enabled()) {
      throw new Problem(
          Problem.Kind.UNAVAILABLE,
          "component-disabled",
          "The cache is turned off by ENABLE_DISTRIBUTED_CACHE.");
    }
  }
}
