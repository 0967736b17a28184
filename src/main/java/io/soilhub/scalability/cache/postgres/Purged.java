package io.soilhub.scalability.cache.postgres;

/// What a purge did.
///
/// @param rows that it deleted
/// @param more whether there may be more of them already
public record Purged(int rows, boolean more) {}
