package io.soilhub.scalability.cache.cdn;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The outbox of purges. Callers name tags; a relay makes a row for each server of it, so that one
/// which is away holds up no other. A replica takes rows by moving their `due_at` ahead by a lease:
/// should it die, another takes them after that, so that a tag may be purged twice and never not at
/// all. Only PostgreSQL's clock takes part.
///
/// Locks are taken in the order rows, server.
final class PurgeOutbox {

  /// A tag that was named very often is purged for this many of its rows at once.
  private static final int MOST_ROWS = 5_000;

  private static final Duration FAILED_KEPT = Duration.ofDays(7);

  private static final String ADD =
      "INSERT INTO edge_purge (tag, rounds) SELECT tag, ? FROM unnest(?) AS tag";

  private static final String HAND_OUT =
      """
      WITH taken AS (
        DELETE FROM edge_purge WHERE purge_id = ANY (ARRAY(
          SELECT purge_id FROM edge_purge WHERE server IS NULL AND failed_at IS NULL
          ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED))
        RETURNING tag, rounds, created_at, due_at)
      INSERT INTO edge_purge (tag, rounds, created_at, due_at, server)
      SELECT tag, rounds, created_at, due_at, server FROM taken, unnest(?) AS server
      """;

  private static final String DUE =
      """
      SELECT tag FROM edge_purge
      WHERE server = ? AND failed_at IS NULL AND due_at <= statement_timestamp()
        AND NOT EXISTS (SELECT FROM edge_server AS own
                        WHERE own.server = ? AND own.free_at > statement_timestamp())
      ORDER BY due_at, purge_id LIMIT ?
      FOR UPDATE OF edge_purge SKIP LOCKED
      """;

  private static final String PERMIT =
      """
      INSERT INTO edge_server AS own (server, free_at)
      VALUES (?, statement_timestamp() - ? * interval '1 ms' + ? * interval '1 ms')
      ON CONFLICT (server) DO UPDATE
        SET free_at = greatest(own.free_at + ? * interval '1 ms', excluded.free_at)
        WHERE own.free_at <= statement_timestamp()
      RETURNING failures
      """;

  private static final String TAKE =
      """
      WITH taken AS (
        SELECT purge_id FROM edge_purge
        WHERE server = ? AND tag = ANY (?) AND failed_at IS NULL
          AND due_at <= statement_timestamp()
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
      "UPDATE edge_server SET failures = 0, delivered = delivered + ? WHERE server = ?";

  private static final String PUT_BACK =
      """
      UPDATE edge_purge SET due_at = clock_timestamp() + ? * interval '1 ms', error = ?,
        failed_at = CASE WHEN attempts >= ?
          AND created_at < statement_timestamp() - ? * interval '1 ms' THEN clock_timestamp() END
      WHERE purge_id = ANY (?) RETURNING failed_at IS NOT NULL
      """;

  private static final String CLOSE =
      """
      UPDATE edge_server SET failures = failures + 1,
        free_at = greatest(free_at, clock_timestamp() + ? * interval '1 ms')
      WHERE server = ?
      """;

  private static final String FORGET_FAILED =
      "DELETE FROM edge_purge WHERE failed_at < statement_timestamp() - ? * interval '1 ms'";

  private static final String FORGET_OTHERS =
      """
      DELETE FROM edge_purge
      WHERE server = ANY (ARRAY(SELECT server FROM edge_server WHERE server <> ALL (?)))
        AND failed_at IS NULL AND created_at < statement_timestamp() - ? * interval '1 ms'
      """;

  /// What is counted on each scrape must not grow with an outage of the CDN.
  private static final int MOST_COUNTED = 10_000;

  private static final String COUNTS =
      """
      SELECT
        (SELECT count(*) FROM (SELECT FROM edge_purge WHERE failed_at IS NULL
                               ORDER BY purge_id LIMIT %1$d) AS owed),
        (SELECT delivered FROM edge_gate)
          + (SELECT coalesce(sum(delivered), 0)::bigint FROM edge_server),
        (SELECT count(*) FROM (SELECT FROM edge_purge WHERE failed_at IS NOT NULL
                               ORDER BY failed_at LIMIT %1$d) AS failed),
        coalesce((SELECT extract(epoch FROM statement_timestamp() - created_at) FROM edge_purge
                  WHERE failed_at IS NULL ORDER BY purge_id LIMIT 1), 0) * 1000
      """
          .formatted(MOST_COUNTED);

  /// Rows that this replica may work on until its lease ends.
  ///
  /// @param failures of the server in a row until now
  record Claim(String server, List<Long> rows, Set<String> tags, int failures) {

    Claim {
      rows = List.copyOf(rows);
      tags = Set.copyOf(tags);
    }
  }

  /// When a row is given up: tried so often, and so old.
  record Patience(int attempts, Duration age) {}

  private final Database database;
  private final Sql.Array servers;

  /// @param servers all that have to confirm a purge
  PurgeOutbox(Database database, List<String> servers) {
    this.database = database;
    this.servers = Sql.array("text", List.copyOf(servers));
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
    Sql.update(connection, ADD, rounds, Sql.array("text", tags));
  }

  /// Makes a purge of each server of what was named since, of the oldest first.
  void handOut() {
    database.inTransaction(connection -> Sql.update(connection, HAND_OUT, MOST_ROWS, servers));
  }

  /// Drops the purges of servers that are no longer there, when nobody else has served them for so
  /// long.
  void forgetOthers(Duration age) {
    database.inTransaction(
        connection -> Sql.update(connection, FORGET_OTHERS, servers, millis(age)));
  }

  /// Takes what is due at a server, when its pace allows a request now.
  Optional<Claim> claim(String server, int mostTags, PurgeRateLimiter pace, Duration lease) {
    return database.inTransaction(
        connection -> {
          Set<String> tags =
              new TreeSet<>(
                  Sql.read(connection, DUE, row -> row.getString(1), server, server, mostTags));
          if (tags.isEmpty()) {
            return Optional.empty();
          }
          Optional<Integer> permit =
              Sql.first(
                  connection,
                  PERMIT,
                  row -> row.getInt(1),
                  server,
                  millis(pace.slack()),
                  millis(pace.interval()),
                  millis(pace.interval()));
          if (permit.isEmpty()) {
            return Optional.empty();
          }
          List<Long> rows =
              Sql.read(
                  connection,
                  TAKE,
                  row -> row.getLong(1),
                  server,
                  Sql.array("text", tags),
                  MOST_ROWS,
                  millis(lease));
          return Optional.of(new Claim(server, rows, tags, permit.get()));
        });
  }

  /// The server has confirmed the tags of a claim.
  ///
  /// @param again until the next round of those rows that have one
  void delivered(Claim claim, Duration again) {
    Sql.Array rows = Sql.array("bigint", claim.rows());
    database.inTransaction(
        connection -> {
          Sql.update(connection, FORGET, rows);
          Sql.update(connection, NEXT_ROUND, millis(again), rows);
          return Sql.update(connection, COUNT, claim.tags().size(), claim.server());
        });
  }

  /// The server has not confirmed them: nobody asks it again before the pause is over.
  ///
  /// @param patience for rows that are not yet to be given up
  /// @return how many rows are given up
  int failed(Claim claim, Duration pause, String reason, Patience patience) {
    Sql.Array rows = Sql.array("bigint", claim.rows());
    return database.inTransaction(
        connection -> {
          List<Boolean> givenUp =
              Sql.read(
                  connection,
                  PUT_BACK,
                  row -> row.getBoolean(1),
                  millis(pause),
                  reason,
                  patience.attempts(),
                  millis(patience.age()),
                  rows);
          Sql.update(connection, CLOSE, millis(pause), claim.server());
          Sql.update(connection, FORGET_FAILED, millis(FAILED_KEPT));
          return (int) givenUp.stream().filter(failed -> failed).count();
        });
  }

  CdnStatistics statistics() {
    return database.inTransaction(
        connection ->
            Sql.first(
                    connection,
                    COUNTS,
                    row ->
                        new CdnStatistics(
                            row.getLong(1),
                            row.getLong(2),
                            row.getLong(3),
                            Duration.ofMillis(row.getLong(4))))
                .orElseThrow());
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
