package io.soilhub.scalability.cache.postgres;

import java.time.Instant;

/// An invalidation that is true in PostgreSQL and that the other levels have yet to be told.
///
/// @param id grows with the order of adding
/// @param addedAt tells it from that of another database, or of an older state of this one, which
///   may have the same id
/// @param version of the value that was put while Redis was away, which later versions of Redis
///   have to exceed; 0 when nothing was put
public record OutboxRow(long id, Instant addedAt, Invalidation what, long version) {}
