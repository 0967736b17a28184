package io.soilhub.scalability.cache.tiers;

/// What a put does to the levels; docs/cache.md has the table. Loads fill the same levels under all
/// of them.
public enum WriteStrategy {

  /// The second level gets the value, the third forgets the key: the truth is elsewhere.
  CACHE_ASIDE,
  /// The third level gets the value, then the second.
  WRITE_THROUGH,
  /// The second level gets the value, the third follows.
  WRITE_BEHIND,
  /// The third level gets the value, the others forget the key.
  WRITE_AROUND
}
