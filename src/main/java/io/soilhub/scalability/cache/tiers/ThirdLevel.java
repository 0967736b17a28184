package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.cdn.Purges;
import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.postgres.Invalidation;
import io.soilhub.scalability.cache.postgres.InvalidationOutbox;
import io.soilhub.scalability.cache.postgres.Lookup;
import io.soilhub.scalability.cache.postgres.PostgresEntries;
import io.soilhub.scalability.cache.postgres.SnapshotToken;
import io.soilhub.scalability.cache.postgres.WriteResult;
import io.soilhub.scalability.cache.redis.Backlog;
import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// The third level as the others see it: it may be away, and then says so without making anybody
/// wait.
final class ThirdLevel {

  private static final int MOST_DEBTS = 100;

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
  Optional<Lookup> lookup(EntryKey key) {
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
  void fill(SnapshotToken since, EntryKey key, byte[] payload, Set<String> tags, Duration ttl) {
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
  boolean invalidate(Invalidation what, Set<String> purged) {
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
  boolean purge(Set<String> tags) {
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
              connection, since, put.key(), put.payload(), put.tags(), put.ttl(), version);
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
              put.partition().number());
        });
  }

  /// Invalidates, has servers told when they are back, and has a CDN purged.
  ///
  /// @throws DatabaseUnavailable when it cannot be recorded
  void owe(Invalidation what, Collection<RedisShard> servers, Set<String> purged) {
    database.inTransaction(
        connection -> {
          outbox.add(connection, what, numbers(servers));
          purges.of(connection, purged);
          return true;
        });
  }

  /// The servers as PostgreSQL names them.
  static List<Integer> numbers(Collection<RedisShard> servers) {
    return servers.stream().map(RedisShard::number).toList();
  }

  /// Takes in what Redis noted for it.
  void collect(Backlog backlog) {
    Backlog.Debts debts = backlog.debts(MOST_DEBTS);
    while (!debts.none()) {
      Set<EntryKey> keys = new HashSet<>();
      debts.members().forEach(member -> keys.add(CacheContext.key(member)));
      invalidateAndPurge(new Invalidation(keys, debts.tags()), debts.purges());
      backlog.paid(debts);
      debts = backlog.debts(MOST_DEBTS);
    }
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
