package io.soilhub.scalability.entries;

/// An invalidation that is true in PostgreSQL and that the other levels have yet to be told.
///
/// @param id grows with the order of adding
/// @param version of the value that was put while Redis was away, which later versions of Redis
///   have to exceed; 0 when nothing was put
public record Owed(long id, Invalidation what, long version) {}
