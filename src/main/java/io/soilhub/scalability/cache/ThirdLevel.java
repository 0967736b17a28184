package io.soilhub.scalability.cache;

import io.soilhub.scalability.coherence.Backlog;
import io.soilhub.scalability.coherence.Partition;
import io.soilhub.scalability.entries.EntryKey;
import io.soilhub.scalability.entries.Invalidation;
import io.soilhub.scalability.entries.InvalidationOutbox;
import io.soilhub.scalability.entries.Lookup;
import io.soilhub.scalability.entries.PostgresEntries;
import io.soilhub.scalability.entries.Sight;
import io.soilhub.scalability.platform.DatabaseUnavailable;
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

  private final PostgresEntries entries;
  private final InvalidationOutbox outbox;
  private final BooleanSupplier available;
  private volatile long floor;

  ThirdLevel(PostgresEntries entries, InvalidationOutbox outbox, BooleanSupplier available) {
    this.entries = entries;
    this.outbox = outbox;
    this.available = available;
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
  void fill(Sight since, EntryKey key, byte[] payload, Set<String> tags, Duration ttl) {
    try {
      if (available()) {
        entries.fill(since, key, payload, tags, ttl);
      }
    } catch (DatabaseUnavailable _) {
      // the other levels have it
    }
  }

  /// @return false when it is away and has to be told later
  boolean invalidate(Invalidation what) {
    if (!available()) {
      return false;
    }
    try {
      entries.invalidate(what);
      return true;
    } catch (DatabaseUnavailable _) {
      return false;
    }
  }

  /// Invalidates, and has servers told when they are back.
  ///
  /// @throws DatabaseUnavailable when it cannot be recorded
  void owe(Invalidation what, Collection<Partition> servers) {
    outbox.add(what, numbers(servers));
  }

  /// The servers as PostgreSQL names them.
  static List<Integer> numbers(Collection<Partition> servers) {
    return servers.stream().map(Partition::number).toList();
  }

  /// Takes in the invalidations that Redis noted for it.
  void collect(Backlog backlog) {
    Backlog.Debts debts = backlog.debts(MOST_DEBTS);
    while (!debts.none()) {
      Set<EntryKey> keys = new HashSet<>();
      debts.members().forEach(member -> keys.add(Levels.key(member)));
      entries.invalidate(new Invalidation(keys, debts.tags()));
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
