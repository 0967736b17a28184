package io.soilhub.scalability.cache.postgres;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// How far back the third level remembers, and the deletion of what lies behind.
///
/// A deleted trace of an invalidation can refuse nobody any more. So the purge sets marks: a mark
/// is a transaction and the snapshot it took. Only what that snapshot sees as ended is deleted, and
/// whoever does not see the mark's transaction as ended may not write. Who sees the mark, sees all
/// that was deleted under it, however long transactions and loads last and whatever clocks do; the
/// age of a mark only decides how long a load may take before it is refused.
final class PurgeHorizon {

  private static final String LOCK =
      "SELECT passed_by::text FROM cache_horizon FOR UPDATE SKIP LOCKED";

  /// Before the deletion of tags. Its planner expects to find some value with a tag after a few
  /// rows and would read the whole table when there is none.
  static final String RUNNING =
      """
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
             pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
             set_config('enable_seqscan', 'off', true)
      """;

  private static final String ADVANCE =
      """
      UPDATE cache_horizon
      SET passed_by = next_by, passed_snapshot = next_snapshot, passed_at = next_at,
          next_by = pg_current_xact_id(), next_snapshot = pg_current_snapshot(),
          next_at = clock_timestamp()
      WHERE next_at < statement_timestamp() - interval '10 minutes'
      """;

  /// By the place of the rows, which their locks keep: joined by their keys they would be looked
  /// for in the whole table.
  private static final String DELETE_ENTRIES =
      """
      DELETE FROM cache_entry WHERE ctid = ANY (ARRAY(
        SELECT e.ctid FROM cache_horizon h JOIN cache_entry e ON e.expires_at < h.passed_at
        WHERE pg_visible_in_snapshot(e.written_by, h.passed_snapshot)
          AND pg_visible_in_snapshot(e.invalidated_by, h.passed_snapshot)
        ORDER BY e.expires_at LIMIT ? FOR UPDATE OF e SKIP LOCKED))
      """;

  private static final String NEXT_TAGS =
      "SELECT max(tag) FROM (SELECT tag FROM cache_tag WHERE tag > ? ORDER BY tag LIMIT ?) AS next";

  /// Tags that no value carries, and those of which the invalidation is older than any value can
  /// be: none lives for longer than thirty days; one more for the transaction that bumped the tag.
  /// What expired after the mark counts as living, since clocks are sometimes set back. The sum
  /// keeps the planner from looking for values by their end.
  static final String DELETE_TAGS =
      """
      DELETE FROM cache_tag WHERE ctid = ANY (ARRAY(
        SELECT t.ctid FROM cache_horizon h CROSS JOIN cache_tag t
        WHERE t.tag > ? AND t.tag <= ?
          AND pg_visible_in_snapshot(t.bumped_by, h.passed_snapshot)
          AND (t.bumped_at < h.passed_at - interval '31 days'
               OR NOT EXISTS (SELECT FROM cache_entry e
                              WHERE e.tags @> ARRAY[t.tag] AND e.tags <> '{}'
                                AND e.payload IS NOT NULL
                                AND e.expires_at + interval '0' > h.passed_at))
        FOR UPDATE OF t SKIP LOCKED))
      """;

  private static final String PASSED =
      "SELECT NOT pg_visible_in_snapshot(passed_by, ?::pg_snapshot) FROM cache_horizon";

  private final Database database;
  private Walk walk = new Walk("", 0, "", true);

  PurgeHorizon(Database database) {
    this.database = database;
  }

  /// Whether something may have been forgotten that the holder of the token had to know. To be
  /// asked after the write and before its commit: the statement that wrote does not see a purge
  /// that ended while it waited.
  static boolean passed(Connection connection, SnapshotToken since) throws SQLException {
    return Sql.first(connection, PASSED, row -> row.getBoolean(1), since.snapshot()).orElseThrow();
  }

  static Problem tooLate() {
    return Problem.unavailable(
        "cache-write-too-late",
        "Storing the value took too long; nothing was stored.",
        Duration.ofSeconds(1),
        null);
  }

  /// One purge at a time: another that is at work makes this one do nothing.
  PurgeProgress purge(int limit) {
    return database.inTransaction(
        connection -> {
          Optional<String> mark = Sql.first(connection, LOCK, row -> row.getString(1));
          if (mark.isEmpty()) {
            return new PurgeProgress(0, false);
          }
          boolean advanced = Sql.update(connection, ADVANCE) > 0;
          int entries = Sql.update(connection, DELETE_ENTRIES, limit);
          // Values first, because they keep their tags.
          if (advanced || entries == limit) {
            return new PurgeProgress(entries, entries == limit);
          }
          PurgeProgress tags = purgeTags(connection, mark.get(), limit);
          return new PurgeProgress(entries + tags.rows(), tags.more());
        });
  }

  /// A walk over all tags, once for each mark and a part of it at a time.
  private PurgeProgress purgeTags(Connection connection, String mark, int limit)
      throws SQLException {
    Running running = Sql.first(connection, RUNNING, Running::of).orElseThrow();
    if (!walk.mark().equals(mark)) {
      walk = new Walk(mark, running.end(), "", false);
    }
    if (walk.over() || running.begin() < walk.settled()) {
      return new PurgeProgress(0, false);
    }
    Optional<String> last =
        Sql.first(connection, NEXT_TAGS, row -> row.getString(1), walk.last(), limit);
    int deleted = last.isEmpty() ? 0 : Sql.update(connection, DELETE_TAGS, walk.last(), last.get());
    walk = new Walk(mark, walk.settled(), last.orElse(walk.last()), last.isEmpty());
    return new PurgeProgress(deleted, last.isPresent());
  }

  /// The first transaction that may still be running, and the first that had not begun.
  private record Running(long begin, long end) {

    static Running of(ResultSet row) throws SQLException {
      return new Running(row.getLong(1), row.getLong(2));
    }
  }

  /// @param settled a write that was allowed before the mark counted belongs to a transaction below
  ///   this, and may carry what the mark deletes: none of them may still be running
  /// @param last tag that was looked at
  private record Walk(String mark, long settled, String last, boolean over) {}
}
