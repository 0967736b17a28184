package io.soilhub.scalability.cache.postgres;

/// What a load or a put has seen of PostgreSQL before it began: every transaction that had ended by
/// then. To be taken before the source is read, and handed back with the value.
///
/// @param snapshot a `pg_snapshot` as text
public record SnapshotToken(String snapshot) {}
