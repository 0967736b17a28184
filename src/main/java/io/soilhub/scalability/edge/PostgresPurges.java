package io.soilhub.scalability.edge;

import io.soilhub.scalability.platform.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The outbox of purges. A replica takes rows by moving their `due_at` ahead by a lease: should it
/// die, another takes them after that, so that a tag may be purged twice and never not at all. Only
/// PostgreSQL's clock takes part.
///
/// Locks are taken in the order rows, gate.
final class PostgresPurges {

  /// A tag that was named very often is purged for this many of its rows at once.
  private static final int MOST_ROWS = 5_000;

  private static final Duration FAILED_KEPT = Duration.ofDays(7);

  private static final String ADD =
      "INSERT INTO edge_purge (tag, rounds) SELECT tag, ? FROM unnest(?) AS tag";

  private static final String DUE =
      """
      SELECT tag FROM edge_purge
      WHERE failed_at IS NULL AND due_at <= statement_timestamp()
        AND EXISTS (SELECT 1 FROM edge_gate WHERE free_at <= statement_timestamp())
      ORDER BY due_at, purge_id LIMIT ?
      FOR UPDATE OF edge_purge SKIP LOCKED
      """;

  private static final String PERMIT =
      """
      UPDATE edge_gate SET free_at =
        greatest(free_at, statement_timestamp() - ? * interval '1 ms') + ? * interval '1 ms'
      WHERE free_at <= statement_timestamp() RETURNING failures
      """;

  private static final String TAKE =
      """
      WITH taken AS (
        SELECT purge_id FROM edge_purge
        WHERE tag = ANY (?) AND failed_at IS NULL AND due_at <= statement_timestamp()
        ORDER BY due_at, purge_id LIMIT ? FOR UPDATE SKIP LOCKED)
      UPDATE edge_purge SET due_at = statement_timestamp() + ? * interval '1 ms',
        attempts = attempts + 1
      WHERE purge_id IN (SELECT purge_id FROM taken) RETURNING purge_id
      """;

  private static final String FORGET =
      "DELETE FROM edge_purge WHERE purge_id = ANY (?) AND rounds <= 1";

  private static final String NEXT_ROUND =
      """
      UPDATE edge_purge SET rounds = rounds - 1, attempts = 0, error = NULL,
        due_at = clock_timestamp() + ? * interval '1 ms'
      WHERE purge_id = ANY (?)
      """;

  private static final String COUNT =
      "UPDATE edge_gate SET failures = 0, delivered = delivered + ?";

  private static final String PUT_BACK =
      """
      UPDATE edge_purge SET due_at = clock_timestamp() + ? * interval '1 ms', error = ?,
        failed_at = CASE WHEN attempts >= ?
          AND created_at < statement_timestamp() - ? * interval '1 ms' THEN clock_timestamp() END
      WHERE purge_id = ANY (?) RETURNING failed_at IS NOT NULL
      """;

  private static final String CLOSE =
      """
      UPDATE edge_gate SET failures = failures + 1,
        free_at = greatest(free_at, clock_timestamp() + ? * interval '1 ms')
      """;

  private static final String FORGET_FAILED =
      "DELETE FROM edge_purge WHERE failed_at < statement_timestamp() - ? * interval '1 ms'";

  /// What is counted on each scrape must not grow with an outage of the CDN.
  private static final int MOST_COUNTED = 10_000;

  private static final String COUNTS =
      """
      SELECT
        (SELECT count(*) FROM (SELECT FROM edge_purge WHERE failed_at IS NULL
                               ORDER BY purge_id LIMIT %1$d) AS owed),
        (SELECT delivered FROM edge_gate),
        (SELECT count(*) FROM (SELECT FROM edge_purge WHERE failed_at IS NOT NULL
                               ORDER BY failed_at LIMIT %1$d) AS failed),
        coalesce((SELECT extract(epoch FROM statement_timestamp() - created_at) FROM edge_purge
                  WHERE failed_at IS NULL ORDER BY purge_id LIMIT 1), 0) * 1000
      """
          .formatted(MOST_COUNTED);

  /// Rows that this replica may work on until its lease ends.
  ///
  /// @param failures of the CDN in a row until now
  record Claim(List<Long> rows, Set<String> tags, int failures) {

    Claim {
      rows = List.copyOf(rows);
      tags = Set.copyOf(tags);
    }
  }

  /// When a row is given up: tried so often, and so old.
  record Patience(int attempts, Duration age) {}

  private final Database database;

  PostgresPurges(Database database) {
    this.database = database;
  }

  /// @param rounds how often each tag is purged, with the pause of [#delivered] between
  void add(Collection<String> tags, int rounds) {
    database.inTransaction(
        connection -> {
          add(connection, tags, rounds);
          return null;
        });
  }

  static void add(Connection connection, Collection<String> tags, int rounds) throws SQLException {
    update(connection, ADD, rounds, tags.toArray(String[]::new));
  }

  /// Takes what is due, when the pace allows a request now.
  Optional<Claim> claim(int mostTags, PurgePace pace, Duration lease) {
    return database.inTransaction(
        connection -> {
          Set<String> tags =
              new TreeSet<>(read(connection, DUE, row -> row.getString(1), mostTags));
          if (tags.isEmpty()) {
            return Optional.empty();
          }
          List<Integer> permit =
              read(
                  connection,
                  PERMIT,
                  row -> row.getInt(1),
                  millis(pace.slack()),
                  millis(pace.interval()));
          if (permit.isEmpty()) {
            return Optional.empty();
          }
          String[] named = tags.toArray(String[]::new);
          List<Long> rows =
              read(connection, TAKE, row -> row.getLong(1), named, MOST_ROWS, millis(lease));
          return Optional.of(new Claim(rows, tags, permit.getFirst()));
        });
  }

  /// The CDN has confirmed the tags of a claim.
  ///
  /// @param again until the next round of those rows that have one
  void delivered(Claim claim, Duration again) {
    Long[] rows = claim.rows().toArray(Long[]::new);
    database.inTransaction(
        connection -> {
          update(connection, FORGET, (Object) rows);
          update(connection, NEXT_ROUND, millis(again), rows);
          return update(connection, COUNT, claim.tags().size());
        });
  }

  /// The CDN has not confirmed them: nobody asks it again before the pause is over.
  ///
  /// @param patience for rows that are not yet to be given up
  /// @return how many rows are given up
  int failed(Claim claim, Duration pause, String reason, Patience patience) {
    Long[] rows = claim.rows().toArray(Long[]::new);
    return database.inTransaction(
        connection -> {
          List<Boolean> givenUp =
              read(
                  connection,
                  PUT_BACK,
                  row -> row.getBoolean(1),
                  millis(pause),
                  reason,
                  patience.attempts(),
                  millis(patience.age()),
                  rows);
          update(connection, CLOSE, millis(pause));
          update(connection, FORGET_FAILED, millis(FAILED_KEPT));
          return (int) givenUp.stream().filter(failed -> failed).count();
        });
  }

  EdgeStatistics statistics() {
    return database.inTransaction(
        connection ->
            read(
                    connection,
                    COUNTS,
                    row ->
                        new EdgeStatistics(
                            row.getLong(1),
                            row.getLong(2),
                            row.getLong(3),
                            Duration.ofMillis(row.getLong(4))))
                .getFirst());
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static int update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(connection, statement, values);
      return statement.executeUpdate();
    }
  }

  private interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private static <T> List<T> read(
      Connection connection, String sql, RowReader<T> reader, Object... values)
      throws SQLException {
    List<T> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(connection, statement, values);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.add(reader.read(row));
        }
      }
    }
    return rows;
  }

  private static void bind(Connection connection, PreparedStatement statement, Object[] values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case String[] texts -> statement.setArray(i + 1, connection.createArrayOf("text", texts));
        case Long[] ids -> statement.setArray(i + 1, connection.createArrayOf("bigint", ids));
        default -> statement.setObject(i + 1, values[i]);
      }
    }
  }
}
