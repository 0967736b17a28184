package io.soilhub.scalability.cache.postgres;

/// What a purge did.
///
/// @param rows that it deleted
/// @param more whether there may be more of them already
public record PurgeProgress(int rows, boolean more) {}
