package io.soilhub.scalability.cache.postgres;

import io.soilhub.scalability.cache.postgres.WriteResult.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Stores puts. Two of them to one key are ordered by their versions; a put and an invalidation by
/// whether the put had begun. A tag invalidated meanwhile does not refuse a put, which would leave
/// the value before it valid: it is stored, and void.
///
/// Version 0 stands for a put past Redis. It takes the version after the row's, or the time in
/// microseconds, and counts as an invalidation as well, because Redis may still hold an earlier put
/// that is on its way here.
final class EntryUpserts {

  private static final String STORE =
      """
      INSERT INTO cache_entry AS e
        (data_type, key, payload, tags, snapshot, version, written_by, invalidated_by, expires_at)
      SELECT data_type, key, payload, string_to_array(tags, ' '), ?::pg_snapshot,
             CASE version WHEN 0 THEN (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
                          ELSE version END,
             pg_current_xact_id(),
             CASE version WHEN 0 THEN pg_current_xact_id() ELSE '0' END,
             clock_timestamp() + make_interval(secs => ttl)
      FROM unnest(?::text[], ?::text[], ?::bytea[], ?::text[], ?::bigint[], ?::float8[])
        AS put (data_type, key, payload, tags, version, ttl)
      ORDER BY data_type, key
      ON CONFLICT (data_type, key) DO UPDATE
        SET payload = excluded.payload, tags = excluded.tags, snapshot = excluded.snapshot,
            version = CASE excluded.invalidated_by WHEN '0' THEN excluded.version
                           ELSE greatest(e.version + 1, excluded.version) END,
            invalidated_by = CASE excluded.invalidated_by WHEN '0' THEN e.invalidated_by
                                  ELSE excluded.invalidated_by END,
            written_by = excluded.written_by, expires_at = excluded.expires_at
        WHERE pg_visible_in_snapshot(e.invalidated_by, excluded.snapshot)
          AND (e.version < excluded.version OR excluded.invalidated_by <> '0')
      RETURNING data_type, key, version, 1
      """;

  /// The rows that a put left as they were are locked by it all the same, so they still say why.
  private static final String REASONS =
      """
      SELECT data_type, key, version, pg_visible_in_snapshot(invalidated_by, ?::pg_snapshot)::int
      FROM unnest(?::text[], ?::text[]) AS put (data_type, key)
      JOIN cache_entry USING (data_type, key)
      """;

  private EntryUpserts() {}

  static Map<EntryKey, WriteResult> store(
      Connection connection, SnapshotToken since, Collection<EntryWrite> writes)
      throws SQLException {
    Map<EntryKey, EntryWrite> latest = new HashMap<>();
    writes.forEach(w -> latest.merge(w.key(), w, (a, b) -> a.version() >= b.version() ? a : b));
    if (latest.isEmpty()) {
      return Map.of();
    }
    Map<EntryKey, WriteResult> outcomes = new HashMap<>();
    stored(connection, since, latest.values(), outcomes);
    if (PurgeHorizon.passed(connection, since)) {
      throw PurgeHorizon.tooLate();
    }
    List<EntryKey> left = new ArrayList<>(latest.keySet());
    left.removeAll(outcomes.keySet());
    if (!left.isEmpty()) {
      reasons(connection, since, left, outcomes);
    }
    return outcomes;
  }

  private static void stored(
      Connection connection,
      SnapshotToken since,
      Collection<EntryWrite> writes,
      Map<EntryKey, WriteResult> outcomes)
      throws SQLException {
    List<EntryKey> keys = writes.stream().map(EntryWrite::key).toList();
    try (PreparedStatement s = connection.prepareStatement(STORE)) {
      s.setString(1, since.snapshot());
      s.setArray(2, Columns.types(connection, keys));
      s.setArray(3, Columns.keys(connection, keys));
      byte[][] payloads = writes.stream().map(EntryWrite::payload).toArray(byte[][]::new);
      s.setArray(4, connection.createArrayOf("bytea", payloads));
      s.setArray(5, Columns.of(connection, "text", writes, w -> String.join(" ", w.tags())));
      s.setArray(6, Columns.of(connection, "bigint", writes, EntryWrite::version));
      s.setArray(7, Columns.of(connection, "float8", writes, w -> w.ttl().toMillis() / 1000.0));
      try (ResultSet rows = s.executeQuery()) {
        read(rows, Outcome.STORED, Outcome.STORED, outcomes);
      }
    }
  }

  private static void reasons(
      Connection connection,
      SnapshotToken since,
      List<EntryKey> keys,
      Map<EntryKey, WriteResult> outcomes)
      throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(REASONS)) {
      s.setString(1, since.snapshot());
      s.setArray(2, Columns.types(connection, keys));
      s.setArray(3, Columns.keys(connection, keys));
      try (ResultSet rows = s.executeQuery()) {
        read(rows, Outcome.REFUSED, Outcome.SUPERSEDED, outcomes);
      }
    }
  }

  private static void read(
      ResultSet rows, Outcome ifZero, Outcome ifOne, Map<EntryKey, WriteResult> outcomes)
      throws SQLException {
    while (rows.next()) {
      Outcome outcome = rows.getInt(4) == 0 ? ifZero : ifOne;
      outcomes.put(
          new EntryKey(rows.getString(1), rows.getString(2)),
          new WriteResult(outcome, rows.getLong(3)));
    }
  }
}
