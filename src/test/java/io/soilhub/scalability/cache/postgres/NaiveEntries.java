package io.soilhub.scalability.cache.postgres;

import io.soilhub.scalability.cache.postgres.WriteResult.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The rules of [PostgresEntries] on one thread: a transaction is the moment of its commit, a sight
/// the moment when it was taken.
final class NaiveEntries {

  private static final class Row {
    String value;
    Set<String> tags = Set.of();
    int seen;
    int written;
    int invalidated;
    long version;
    boolean over;
  }

  private final Map<EntryKey, Row> rows = new HashMap<>();
  private final Map<String, Integer> bumps = new HashMap<>();
  private int passed;
  private int next;
  private int now;

  int tick() {
    return ++now;
  }

  Optional<String> lookup(EntryKey key) {
    return Optional.ofNullable(rows.get(key))
        .filter(row -> row.value != null && !row.over && untouched(row.tags, row.seen))
        .map(row -> row.value);
  }

  boolean fill(int since, EntryKey key, String value, Set<String> tags) {
    Row old = rows.get(key);
    boolean changed = old != null && (old.written > since || old.invalidated > since);
    if (changed || !untouched(tags, since) || since < passed) {
      return false;
    }
    put(since, key, value, tags);
    return true;
  }

  boolean tooLate(int since) {
    return since < passed;
  }

  /// @param version 0 for a put past Redis
  Outcome write(int since, EntryKey key, String value, Set<String> tags, long version) {
    Row old = rows.computeIfAbsent(key, _ -> new Row());
    if (old.invalidated > since) {
      return Outcome.REFUSED;
    }
    if (version != 0 && old.version >= version) {
      return Outcome.SUPERSEDED;
    }
    put(since, key, value, tags);
    if (version == 0) {
      old.invalidated = now;
    } else {
      old.version = version;
    }
    return Outcome.STORED;
  }

  void version(EntryKey key, long version) {
    rows.get(key).version = version;
  }

  long version(EntryKey key) {
    return rows.containsKey(key) ? rows.get(key).version : 0;
  }

  void invalidate(Invalidation what) {
    what.tags().forEach(tag -> bumps.put(tag, now));
    for (EntryKey key : what.keys()) {
      Row row = rows.computeIfAbsent(key, _ -> new Row());
      row.value = null;
      row.tags = Set.of();
      row.invalidated = now;
      row.over = false;
    }
  }

  void expireAll() {
    rows.values().forEach(row -> row.over = true);
  }

  int purge() {
    passed = next;
    next = now;
    int before = rows.size();
    rows.entrySet()
        .removeIf(
            e ->
                e.getValue().over
                    && e.getValue().written <= passed
                    && e.getValue().invalidated <= passed);
    return before - rows.size();
  }

  private boolean untouched(Set<String> tags, int since) {
    return tags.stream().allMatch(tag -> bumps.getOrDefault(tag, 0) <= since);
  }

  private void put(int since, EntryKey key, String value, Set<String> tags) {
    Row row = rows.computeIfAbsent(key, _ -> new Row());
    row.value = value;
    row.tags = tags;
    row.seen = since;
    row.written = now;
    row.over = false;
  }
}
