package io.soilhub.scalability.cache;

import java.util.Optional;
import java.util.Set;

/// What one user of the cache adds to the policy of its kind of data.
///
/// @param loader reads the source; without one, only what was put is found
/// @param tags of every loaded value
/// @param thirdLevel whether PostgreSQL keeps its values too, if the policy allows it: not worth it
///   when PostgreSQL is the source
public record CacheOptions<V>(
    Codec<V> codec, Optional<Loader<V>> loader, Set<String> tags, boolean thirdLevel) {

  public CacheOptions {
    tags = Set.copyOf(tags);
  }

  /// Only what is put.
  public static <V> CacheOptions<V> store(Codec<V> codec) {
    return new CacheOptions<>(codec, Optional.empty(), Set.of(), true);
  }

  /// What the source says, remembered.
  public static <V> CacheOptions<V> readThrough(
      Codec<V> codec, Loader<V> loader, Set<String> tags, boolean thirdLevel) {
    return new CacheOptions<>(codec, Optional.of(loader), tags, thirdLevel);
  }
}
