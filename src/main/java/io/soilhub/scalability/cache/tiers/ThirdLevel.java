package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.cdn.Purges;
import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.postgres.EntryWrite;
import io.soilhub.scalability.cache.postgres.Invalidation;
import io.soilhub.scalability.cache.postgres.InvalidationOutbox;
import io.soilhub.scalability.cache.postgres.Lookup;
import io.soilhub.scalability.cache.postgres.PostgresEntries;
import io.soilhub.scalability.cache.postgres.SnapshotToken;
import io.soilhub.scalability.cache.postgres.WriteResult;
import io.soilhub.scalability.cache.redis.Backlog;
import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// The third level as the others see it. It may be away: what begins with `try` then says so
/// without making anybody wait, and the rest throws.
final class ThirdLevel {

  private static final int MOST_PENDING = 100;

  private final Database database;
  private final PostgresEntries entries;
  private final InvalidationOutbox outbox;
  private final Purges purges;
  private final BooleanSupplier available;
  private volatile long floor;

  ThirdLevel(DistributedCache.Stores stores) {
    this.database = stores.database();
    this.entries = stores.entries();
    this.outbox = stores.outbox();
    this.purges = stores.purges();
    this.available = stores.postgres();
  }

  boolean available() {
    return available.getAsBoolean();
  }

  PostgresEntries entries() {
    return entries;
  }

  InvalidationOutbox outbox() {
    return outbox;
  }

  /// Nothing when it is away.
  Optional<Lookup> tryLookup(EntryKey key) {
    if (!available()) {
      return Optional.empty();
    }
    try {
      return Optional.of(entries.lookup(key));
    } catch (DatabaseUnavailable _) {
      return Optional.empty();
    }
  }

  /// A value that was loaded; whether it is kept matters to nobody who has it.
  void tryFill(SnapshotToken since, EntryKey key, byte[] payload, Set<String> tags, Duration ttl) {
    try {
      if (available()) {
        entries.fill(since, key, payload, tags, ttl);
      }
    } catch (DatabaseUnavailable _) {
      // the other levels have it
    }
  }

  /// Of the tags of a change, those of which a CDN has to be purged: all, if there is one.
  Set<String> toPurge(Set<String> tags) {
    return purges.enabled() ? tags : Set.of();
  }

  /// @param purged tags of which a CDN is purged, in the same transaction
  /// @return false when it is away and has to be told later
  boolean tryInvalidate(Invalidation what, Set<String> purged) {
    return tried(
        () -> {
          if (purged.isEmpty()) {
            entries.invalidate(what);
          } else {
            invalidateAndPurge(what, purged);
          }
        });
  }

  /// @return false when it is away and has to be told later
  boolean tryPurge(Set<String> tags) {
    return tags.isEmpty() || tried(() -> purges.of(tags));
  }

  private boolean tried(Runnable work) {
    if (!available()) {
      return false;
    }
    try {
      work.run();
      return true;
    } catch (DatabaseUnavailable _) {
      return false;
    }
  }

  private void invalidateAndPurge(Invalidation what, Set<String> purged) {
    database.inTransaction(
        connection -> {
          entries.invalidate(connection, what);
          purges.of(connection, purged);
          return true;
        });
  }

  /// Stores a put under the version that Redis gave it, and has a CDN purged with it.
  ///
  /// @throws DatabaseUnavailable when it cannot be stored
  WriteResult write(SnapshotToken since, CachePut put, long version) {
    return database.inTransaction(
        connection -> {
          purges.of(connection, put.purged());
          return entries.write(
              connection,
              since,
              new EntryWrite(put.key(), put.payload(), put.tags(), put.ttl(), version));
        });
  }

  /// Stores a put that its server could not be told of, has it told when it is back, and has a CDN
  /// purged.
  ///
  /// @throws DatabaseUnavailable when it cannot be stored
  void writePastRedis(SnapshotToken since, CachePut put) {
    database.inTransaction(
        connection -> {
          purges.of(connection, put.purged());
          return outbox.write(
              connection,
              since,
              put.key(),
              put.payload(),
              put.tags(),
              put.ttl(),
              put.shard().number());
        });
  }

  /// Invalidates, has servers told as soon as they can be, and has a CDN purged.
  ///
  /// @throws DatabaseUnavailable when it cannot be recorded
  void invalidate(Invalidation what, Collection<RedisShard> servers, Set<String> purged) {
    database.inTransaction(
        connection -> {
          invalidate(connection, what, servers, purged);
          return true;
        });
  }

  /// The same as a part of the caller's transaction.
  void invalidate(
      Connection connection, Invalidation what, Collection<RedisShard> servers, Set<String> purged)
      throws SQLException {
    outbox.add(connection, what, servers.stream().map(RedisShard::number).toList());
    purge(connection, purged);
  }

  /// Has a CDN purged, as a part of the caller's transaction.
  void purge(Connection connection, Set<String> purged) throws SQLException {
    purges.of(connection, purged);
  }

  /// Takes in what Redis noted for it.
  void takeIn(Backlog backlog) {
    Backlog.PendingChanges pending = backlog.pendingChanges(MOST_PENDING);
    while (!pending.isEmpty()) {
      Set<EntryKey> keys = new HashSet<>();
      pending.members().forEach(member -> keys.add(CacheContext.key(member)));
      invalidateAndPurge(new Invalidation(keys, pending.tags()), pending.purges());
      backlog.told(pending);
      pending = backlog.pendingChanges(MOST_PENDING);
    }
  }

  /// A store that answers that nothing was changed speaks of itself.
  static Problem toldInPart(DatabaseUnavailable e) {
    return Problem.unavailable(
        "cache-unavailable",
        "Not all stores of the cache can be told. The change may have been made in part;"
            + " repeat it.",
        Duration.ofSeconds(2),
        e);
  }

  /// A version that every new one has to exceed: Redis may have lost what it gave before.
  long floor() {
    return floor;
  }

  /// To be called when Redis comes back.
  void refreshFloor() {
    if (available()) {
      try {
        floor = Math.max(floor, entries.highestVersion());
      } catch (DatabaseUnavailable _) {
        // Redis gives the time in microseconds, which is above it unless its clock was turned back
      }
    }
  }
}
