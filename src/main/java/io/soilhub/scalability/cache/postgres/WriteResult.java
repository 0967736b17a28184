package io.soilhub.scalability.cache.postgres;

/// What became of a put.
///
/// @param version the row's version now
public record WriteResult(Outcome outcome, long version) {

  /// STORED: the row holds the value. SUPERSEDED: it holds a put of the same or a greater version.
  /// REFUSED: the key was invalidated after the put began, which so counts as the earlier of the
  /// two.
  public enum Outcome {
    STORED,
    SUPERSEDED,
    REFUSED
  }
}
