/// The words of the cache, its third level in PostgreSQL, and the invalidations that are still owed
/// to Redis.
///
/// Entry points: [io.soilhub.scalability.cache.postgres.PostgresEntries] for values,
/// [io.soilhub.scalability.cache.postgres.InvalidationOutbox] for what has to reach the other
/// levels.
///
/// Invariants: a lookup that starts after an invalidation committed never gives a value whose load
/// began before; a purge changes no answer; order is told by transactions and snapshots, never by
/// clocks, so that the rows mean nothing in another PostgreSQL cluster than the one that wrote
/// them: a logical copy has to leave the `cache_` tables out. The package knows no Redis. It relies
/// on `synchronous_commit`, without which a crash could take back an invalidation.
package io.soilhub.scalability.cache.postgres;
