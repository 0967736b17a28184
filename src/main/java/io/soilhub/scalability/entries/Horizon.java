package io.soilhub.scalability.entries;

import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/// How far back the third level remembers, and the deletion of what lies behind.
///
/// A deleted trace of an invalidation can refuse nobody any more. So the purge sets marks: a mark
/// is a transaction and the snapshot it took. Only what that snapshot sees as ended is deleted, and
/// whoever does not see the mark's transaction as ended may not write. Who sees the mark, sees all
/// that was deleted under it, however long transactions and loads last and whatever clocks do; the
/// age of a mark only decides how long a load may take before it is refused.
final class Horizon {

  private static final String LOCK = "SELECT 1 FROM cache_horizon FOR UPDATE SKIP LOCKED";
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

  /// No value lives for longer than thirty days; one more for the transaction that bumped the tag.
  private static final String DELETE_TAGS =
      """
      DELETE FROM cache_tag gone
      USING (SELECT t.tag FROM cache_horizon h JOIN cache_tag t
               ON t.bumped_at < h.passed_at - interval '31 days'
             WHERE pg_visible_in_snapshot(t.bumped_by, h.passed_snapshot)
             LIMIT ? FOR UPDATE OF t SKIP LOCKED) old
      WHERE gone.tag = old.tag
      """;

  private static final String PASSED =
      "SELECT NOT pg_visible_in_snapshot(passed_by, ?::pg_snapshot) FROM cache_horizon";

  private final Database database;

  Horizon(Database database) {
    this.database = database;
  }

  /// Whether something may have been forgotten that the holder of the sight had to know. To be
  /// asked after the write and before its commit: the statement that wrote does not see a purge
  /// that ended while it waited.
  static boolean passed(Connection connection, Sight since) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(PASSED)) {
      s.setString(1, since.snapshot());
      try (ResultSet row = s.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  static Problem tooLate() {
    return Problem.unavailable(
        "cache-write-too-late",
        "Storing the value took too long; nothing was stored.",
        Duration.ofSeconds(1),
        null);
  }

  /// One purge at a time: another that is at work makes this one return 0.
  int purge(int limit) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement lock = connection.prepareStatement(LOCK);
              ResultSet row = lock.executeQuery()) {
            if (!row.next()) {
              return 0;
            }
          }
          boolean advanced = update(connection, ADVANCE) > 0;
          int entries = delete(connection, DELETE_ENTRIES, limit);
          // Walks over all tags, hence only with a new mark; after the values that carry them.
          boolean tagsToo = advanced && entries < limit;
          return entries + (tagsToo ? delete(connection, DELETE_TAGS, limit - entries) : 0);
        });
  }

  private static int update(Connection connection, String sql) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(sql)) {
      return s.executeUpdate();
    }
  }

  private static int delete(Connection connection, String sql, int limit) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(sql)) {
      s.setInt(1, limit);
      return s.executeUpdate();
    }
  }
}
