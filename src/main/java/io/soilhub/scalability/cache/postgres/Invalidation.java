package io.soilhub.scalability.cache.postgres;

import io.soilhub.scalability.platform.core.Problem;
import java.util.Set;

/// What is no longer true: single entries, and all entries that carry one of the tags.
public record Invalidation(Set<EntryKey> keys, Set<String> tags) {

  private static final int MOST_KEYS = 1000;

  /// @throws Problem INVALID when there is too much of it or a tag is none
  public Invalidation {
    if (keys.size() > MOST_KEYS) {
      throw Problem.invalid("/keys", "must be at most %d keys".formatted(MOST_KEYS));
    }
    keys = Set.copyOf(keys);
    tags = Tags.checked(tags, Tags.MOST_OF_CALL);
  }

  public static Invalidation of(EntryKey key) {
    return new Invalidation(Set.of(key), Set.of());
  }

  public static Invalidation ofTags(Set<String> tags) {
    return new Invalidation(Set.of(), tags);
  }

  /// Whether nothing is invalidated by it.
  public boolean isEmpty() {
    return keys.isEmpty() && tags.isEmpty();
  }
}
