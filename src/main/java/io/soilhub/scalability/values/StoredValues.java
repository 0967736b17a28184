package io.soilhub.scalability.values;

import io.soilhub.scalability.cache.CacheOptions;
import io.soilhub.scalability.cache.CacheStatistics;
import io.soilhub.scalability.cache.Cached;
import io.soilhub.scalability.cache.Changed;
import io.soilhub.scalability.cache.DataType;
import io.soilhub.scalability.cache.DistributedCache;
import io.soilhub.scalability.cache.Outcome;
import io.soilhub.scalability.cache.TieredCache;
import io.soilhub.scalability.platform.Problem;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The JSON values that clients put, by kind of data and key. All calls throw a problem
/// `component-disabled` when the cache is turned off.
final class StoredValues {

  private final DistributedCache cache;
  private final Map<DataType, TieredCache<String>> caches = new EnumMap<>(DataType.class);

  /// Variety data is what a CDN may have an answer of; its key is the tag of that answer.
  StoredValues(DistributedCache cache) {
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
  Cached<String> read(DataType type, String key) {
    return of(type).read(key);
  }

  /// @throws Problem INVALID for a key that begins with `~`: those are the service's own
  /// @param ttl `CACHE_TTL_DEFAULT` when there is none
  Changed put(DataType type, String key, JsonText value, Optional<Duration> ttl, Set<String> tags) {
    requireClients(key);
    return of(type).put(key, value.text(), ttl.orElse(cache.settings().ttl()), tags);
  }

  Changed delete(DataType type, String key) {
    requireClients(key);
    return of(type).invalidate(key);
  }

  Outcome invalidate(Set<String> tags) {
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
