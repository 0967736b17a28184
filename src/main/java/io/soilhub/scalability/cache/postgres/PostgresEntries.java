package io.soilhub.scalability.cache.postgres;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The third level of the cache: values that outlive Redis.
///
/// A value is kept with the snapshot that was taken before its load began, and an invalidation with
/// the id of its transaction. Whether the load saw what made the old value untrue is then a
/// question about the two, which needs no lock that lives as long as a load: an invalidated key
/// refuses the late fill, and an invalidated tag voids it at the lookup. Where several transactions
/// touch one row, the last to hold its lock stays: who sees it ended, sees all before it ended,
/// which the greatest id would not tell.
public final class PostgresEntries {

  static final String LOOKUP =
      """
      SELECT pg_current_snapshot()::text, e.payload, e.tags, e.version,
             ceil(extract(epoch FROM e.expires_at - now()) * 1000)::bigint
      FROM (VALUES (1)) AS always (row)
      LEFT JOIN cache_entry e
        ON e.data_type = ? AND e.key = ? AND e.payload IS NOT NULL AND e.expires_at > now()
        AND NOT EXISTS (SELECT FROM cache_tag t
                        WHERE t.tag = ANY (e.tags)
                          AND NOT pg_visible_in_snapshot(t.bumped_by, e.snapshot))
      """;
  private static final String SNAPSHOT = "SELECT pg_current_snapshot()::text";
  private static final String FILL =
      """
      WITH load AS MATERIALIZED (
        SELECT ?::pg_snapshot AS since, ?::text[] AS tags, set_config('lock_timeout', ?, true))
      INSERT INTO cache_entry AS e
        (data_type, key, payload, tags, snapshot, written_by, expires_at)
      SELECT ?, ?, ?, load.tags, load.since, pg_current_xact_id(),
             clock_timestamp() + make_interval(secs => ?)
      FROM load
      WHERE NOT EXISTS (SELECT FROM cache_tag t
                        WHERE t.tag = ANY (load.tags)
                          AND NOT pg_visible_in_snapshot(t.bumped_by, load.since))
      ON CONFLICT (data_type, key) DO UPDATE
        SET payload = excluded.payload, tags = excluded.tags, snapshot = excluded.snapshot,
            written_by = excluded.written_by, expires_at = excluded.expires_at
        WHERE pg_visible_in_snapshot(e.written_by, excluded.snapshot)
          AND pg_visible_in_snapshot(e.invalidated_by, excluded.snapshot)
      """;
  private static final String INVALIDATE =
      """
      WITH bumped AS (
        INSERT INTO cache_tag AS t (tag, bumped_by, bumped_at)
        SELECT tag, pg_current_xact_id(), clock_timestamp()
        FROM unnest(?::text[]) AS gone (tag) ORDER BY tag
        ON CONFLICT (tag) DO UPDATE
          SET bumped_by = excluded.bumped_by, bumped_at = excluded.bumped_at)
      INSERT INTO cache_entry AS e (data_type, key, invalidated_by, expires_at)
      SELECT data_type, key, pg_current_xact_id(), clock_timestamp()
      FROM unnest(?::text[], ?::text[]) AS gone (data_type, key) ORDER BY data_type, key
      ON CONFLICT (data_type, key) DO UPDATE
        SET payload = NULL, tags = '{}', snapshot = NULL,
            invalidated_by = excluded.invalidated_by, expires_at = excluded.expires_at
      """;
  private static final String HIGHEST_VERSION =
      "SELECT coalesce(max(version), 0) FROM cache_entry WHERE version > 0";

  /// How long a load may be held up by a transaction that is changing the same key.
  private static final Duration FILL_PATIENCE = Duration.ofMillis(100);

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Database database;
  private final Duration fillPatience;
  private final PurgeHorizon horizon;

  public PostgresEntries(Database database) {
    this(database, FILL_PATIENCE);
  }

  PostgresEntries(Database database, Duration fillPatience) {
    this.database = database;
    this.fillPatience = fillPatience;
    this.horizon = new PurgeHorizon(database);
  }

  /// The value of a key, unless it is expired or invalidated.
  public Lookup lookup(EntryKey key) {
    return database.inStatement(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(LOOKUP)) {
            s.setString(1, key.type());
            s.setString(2, key.key());
            try (ResultSet row = s.executeQuery()) {
              row.next();
              return new Lookup(found(row), new SnapshotToken(row.getString(1)));
            }
          }
        });
  }

  /// What a put has to take before it begins.
  public SnapshotToken snapshotToken() {
    return database.inStatement(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(SNAPSHOT);
              ResultSet row = s.executeQuery()) {
            row.next();
            return new SnapshotToken(row.getString(1));
          }
        });
  }

  /// Keeps a loaded value, if nothing has happened to its key and its tags since the load began.
  /// Does not wait for a long transaction that is changing the key: the value is then not kept.
  ///
  /// @param since taken before the source was read
  /// @param ttl more than zero, at most 30 days
  /// @return whether it was kept
  public boolean fill(
      SnapshotToken since, EntryKey key, byte[] payload, Set<String> tags, Duration ttl) {
    Set<String> checked = Tags.checked(tags, Tags.MOST_OF_ENTRY);
    if (!ttl.isPositive() || ttl.compareTo(EntryWrite.LONGEST) > 0) {
      throw Problem.invalid(
          "/ttl", "must be more than 0 and at most %d s".formatted(EntryWrite.LONGEST.toSeconds()));
    }
    return database.inTransaction(
        connection -> {
          boolean kept = filled(connection, since, key, payload, checked, ttl);
          if (kept && PurgeHorizon.passed(connection, since)) {
            connection.rollback();
            return false;
          }
          return kept;
        });
  }

  /// Stores a put in the caller's transaction, under the version that Redis gave it.
  ///
  /// @param since taken before that
  /// @throws Problem UNAVAILABLE when `since` is so old that it cannot be judged any more
  public WriteResult write(Connection connection, SnapshotToken since, EntryWrite write)
      throws SQLException {
    return EntryUpserts.store(connection, since, List.of(write)).get(write.key());
  }

  /// Stores puts in one statement. Of several to one key, the one with the greatest version is
  /// stored.
  ///
  /// @param since taken before Redis was asked for any of them
  /// @return the outcome of each key
  /// @throws Problem UNAVAILABLE, and nothing is stored, when `since` is so old that it cannot be
  ///   judged any more
  public Map<EntryKey, WriteResult> writeAll(SnapshotToken since, Collection<EntryWrite> writes) {
    writes.stream()
        .filter(w -> w.version() <= EntryWrite.PAST_REDIS)
        .findAny()
        .ifPresent(
            w -> {
              throw new IllegalArgumentException(
                  "version %d of %s".formatted(w.version(), w.key()));
            });
    return database.inTransaction(connection -> EntryUpserts.store(connection, since, writes));
  }

  /// Makes values untrue for every lookup that starts from now on, and for every load that has
  /// started already.
  public void invalidate(Invalidation what) {
    if (!what.isEmpty()) {
      database.inStatement(
          connection -> {
            tombstones(connection, what);
            return true;
          });
    }
  }

  /// The same as a part of the caller's transaction: true when that commits, and not before.
  public void invalidate(Connection connection, Invalidation what) throws SQLException {
    if (!what.isEmpty()) {
      tombstones(connection, what);
    }
  }

  /// A version that no row exceeds.
  public long highestVersion() {
    return database.inStatement(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(HIGHEST_VERSION);
              ResultSet row = s.executeQuery()) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  /// Deletes rows that are over: expired values, traces of invalidations, tags that no living value
  /// carries. Takes effect for what has been over for ten minutes and some calls; loads and puts
  /// that began before that are refused from then on. To be called once a minute or so, on one
  /// replica or on several, and sooner again when there is more. By one thread of a replica.
  ///
  /// @param limit of rows, and of tags that are looked at
  public PurgeProgress purge(int limit) {
    return horizon.purge(limit);
  }

  private boolean filled(
      Connection connection,
      SnapshotToken since,
      EntryKey key,
      byte[] payload,
      Set<String> tags,
      Duration ttl)
      throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(FILL)) {
      s.setString(1, since.snapshot());
      s.setArray(2, connection.createArrayOf("text", tags.toArray()));
      s.setString(3, String.valueOf(fillPatience.toMillis()));
      s.setString(4, key.type());
      s.setString(5, key.key());
      s.setBytes(6, payload);
      s.setDouble(7, ttl.toMillis() / 1000.0);
      return s.executeUpdate() > 0;
    } catch (SQLException e) {
      if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback();
      return false;
    }
  }

  private static Optional<StoredEntry> found(ResultSet row) throws SQLException {
    byte[] payload = row.getBytes(2);
    if (payload == null) {
      return Optional.empty();
    }
    Set<String> tags = Set.of((String[]) row.getArray(3).getArray());
    return Optional.of(
        new StoredEntry(payload, tags, Duration.ofMillis(row.getLong(5)), row.getLong(4)));
  }

  private static void tombstones(Connection connection, Invalidation what) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(INVALIDATE)) {
      s.setArray(1, connection.createArrayOf("text", what.tags().toArray()));
      s.setArray(2, Columns.types(connection, what.keys()));
      s.setArray(3, Columns.keys(connection, what.keys()));
      s.executeUpdate();
    }
  }
}
