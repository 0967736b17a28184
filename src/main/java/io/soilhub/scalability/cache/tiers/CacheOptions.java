package io.soilhub.scalability.cache.tiers;

import java.util.Optional;
import java.util.Set;

/// What one user of the cache adds to the policy of its kind of data.
///
/// @param loader reads the source; without one, only what was put is found
/// @param tags of every loaded value
/// @param thirdLevel whether PostgreSQL keeps its values too, if the policy allows it: not worth it
///   when PostgreSQL is the source
/// @param atEdge whether its keys are tags of answers that a CDN may have: they are purged with
///   every change
public record CacheOptions<V>(
    Codec<V> codec,
    Optional<Loader<V>> loader,
    Set<String> tags,
    boolean thirdLevel,
    boolean atEdge) {

  public CacheOptions {
    tags = Set.copyOf(tags);
  }

  /// Only what is put.
  public static <V> CacheOptions<V> store(Codec<V> codec) {
    return new CacheOptions<>(codec, Optional.empty(), Set.of(), true, false);
  }

  /// Only what is put, and a CDN may have answers with it, which carry its key as a tag.
  public static <V> CacheOptions<V> storeAtEdge(Codec<V> codec) {
    return new CacheOptions<>(codec, Optional.empty(), Set.of(), true, true);
  }

  /// What the source says, remembered.
  public static <V> CacheOptions<V> readThrough(
      Codec<V> codec, Loader<V> loader, Set<String> tags, boolean thirdLevel) {
    return new CacheOptions<>(codec, Optional.of(loader), tags, thirdLevel, false);
  }
}
