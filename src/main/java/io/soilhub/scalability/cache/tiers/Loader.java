package io.soilhub.scalability.cache.tiers;

import java.util.Optional;
import java.util.Set;

/// Reads the source of a value that no level has.
@FunctionalInterface
public interface Loader<V> {

  /// @return empty when the source has none, which is remembered too
  Loaded<V> load(String key);

  /// What the source gave.
  ///
  /// @param tags by which it will be invalidated, besides those of the cache's options
  record Loaded<V>(Optional<V> value, Set<String> tags) {

    public Loaded {
      tags = Set.copyOf(tags);
    }

    public static <V> Loaded<V> of(V value, String... tags) {
      return new Loaded<>(Optional.of(value), Set.of(tags));
    }

    public static <V> Loaded<V> none() {
      return new Loaded<>(Optional.empty(), Set.of());
    }
  }
}
