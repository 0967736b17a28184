package io.soilhub.scalability.cache.postgres;

import java.util.Optional;

/// The answer of the third level.
///
/// @param found the value, when there is a valid one
/// @param token to hand in with [PostgresEntries#fill] by who now loads the value
public record Lookup(Optional<StoredEntry> found, SnapshotToken token) {

  /// For who is to load the value although there is one.
  public Lookup withoutValue() {
    return new Lookup(Optional.empty(), token);
  }
}
