package io.soilhub.scalability.jobs.journal;

import com.fasterxml.jackson.core.type.TypeReference;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Limits, backlog and totals of the queues.
public final class QueueStore {

  private static final String BACKLOG =
      "SELECT now() AS now, counted_at, open_jobs FROM queue_backlog";
  private static final String PAST = SqlResource.read("queue_past.sql");
  private static final String COUNT =
      """
      INSERT INTO queue_minute AS m (queue, minute, completed, failed)
      VALUES (?, date_trunc('minute', now()), ?, ?)
      ON CONFLICT (queue, minute) DO UPDATE
        SET completed = m.completed + excluded.completed, failed = m.failed + excluded.failed
      """;
  private static final String FOLD =
      """
      WITH old AS (DELETE FROM queue_minute
                   WHERE minute < now() - interval '1 day' AND minute > 'epoch'::timestamptz
                   RETURNING queue, completed, failed)
      INSERT INTO queue_minute AS m (queue, minute, completed, failed)
      SELECT queue, 'epoch'::timestamptz, sum(completed), sum(failed) FROM old GROUP BY queue
      ON CONFLICT (queue, minute) DO UPDATE
        SET completed = m.completed + excluded.completed, failed = m.failed + excluded.failed
      """;
  private static final String CHANGE =
      """
      INSERT INTO queue_settings AS q (queue, paused, max_concurrency, rate_limit_per_minute)
      SELECT ?, ?, ?, ? WHERE ? = 0 OR EXISTS (SELECT FROM queue_settings WHERE queue = ?)
      ON CONFLICT (queue) DO UPDATE
        SET paused = excluded.paused, max_concurrency = excluded.max_concurrency,
            rate_limit_per_minute = excluded.rate_limit_per_minute, version = q.version + 1
        WHERE q.version = ?
      RETURNING version
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Database database;

  public QueueStore(Database database) {
    this.database = database;
  }

  public QueueLimits limits(String queue) {
    String sql = "SELECT * FROM queue_settings WHERE queue = ?";
    return database.inTransaction(
        connection ->
            Sql.first(
                    connection,
                    sql,
                    row ->
                        new QueueLimits(
                            queue,
                            row.getBoolean("paused"),
                            row.getInt("max_concurrency"),
                            row.getInt("rate_limit_per_minute"),
                            row.getLong("version")),
                    queue)
                .orElseGet(() -> QueueLimits.none(queue)));
  }

  /// Puts new limits in place of those of the version that they name.
  ///
  /// @return the limits with their new version; empty when somebody else changed them meanwhile
  public Optional<QueueLimits> change(QueueLimits wanted) {
    return database.inTransaction(
        connection ->
            Sql.first(
                connection,
                CHANGE,
                row ->
                    new QueueLimits(
                        wanted.queue(),
                        wanted.paused(),
                        wanted.maxConcurrency(),
                        wanted.rateLimitPerMinute(),
                        row.getLong("version")),
                wanted.queue(),
                wanted.paused(),
                wanted.maxConcurrency(),
                wanted.rateLimitPerMinute(),
                wanted.version(),
                wanted.queue(),
                wanted.version()));
  }

  /// Adds finished jobs to the totals; gives up on a locked row within a second.
  public void count(String queue, long completed, long failed) {
    database.inStatement(
        Database.Pool.CONTROL,
        connection -> Sql.updateWithin(PATIENCE, connection, COUNT, queue, completed, failed));
  }

  /// Adds the minutes of past days up into one row a queue.
  public void fold() {
    database.inTransaction(connection -> Sql.update(connection, FOLD));
  }

  /// Totals as of now, open jobs as [BacklogCount] counted them last.
  public QueueSnapshot snapshot() {
    return database.inTransaction(
        connection -> {
          Map<String, QueueCounts> counts = past(connection);
          return Sql.first(connection, BACKLOG, row -> snapshot(row, counts)).orElseThrow();
        });
  }

  private static QueueSnapshot snapshot(ResultSet row, Map<String, QueueCounts> counts)
      throws SQLException {
    Instant now = Sql.time(row, "now").orElseThrow();
    Instant countedAt = Sql.time(row, "counted_at").orElseThrow();
    for (OpenJobs open : openJobs(row.getString("open_jobs"))) {
      counts.merge(
          open.queue(), with(QueueCounts.EMPTY, open, now), (so, _) -> with(so, open, now));
    }
    return new QueueSnapshot(counts, countedAt, Duration.between(countedAt, now));
  }

  private static Map<String, QueueCounts> past(Connection connection) throws SQLException {
    Map<String, QueueCounts> counts = new HashMap<>();
    Sql.read(connection, PAST, row -> Map.entry(row.getString("queue"), past(row)))
        .forEach(queue -> counts.put(queue.getKey(), queue.getValue()));
    return counts;
  }

  private static QueueCounts past(ResultSet row) throws SQLException {
    long completed = row.getLong("completed");
    long failed = row.getLong("failed");
    return new QueueCounts(Map.of(), 0, 0, completed, failed, 0, row.getDouble("rate"));
  }

  private static List<OpenJobs> openJobs(String json) {
    return Json.mapper().convertValue(Json.parse(json), new TypeReference<List<OpenJobs>>() {});
  }

  private static QueueCounts with(QueueCounts so, OpenJobs open, Instant now) {
    Map<Integer, Long> pending = new HashMap<>(so.pending());
    pending.merge(open.priority(), open.pending(), Long::sum);
    double due = open.dueSince().map(at -> Duration.between(at, now).toMillis() / 1e3).orElse(0.0);
    return new QueueCounts(
        pending,
        so.delayed() + open.delayed(),
        so.running() + open.running(),
        so.completedTotal(),
        so.failedTotal(),
        Math.max(so.oldestPendingSeconds(), due),
        so.ratePerMinute());
  }
}
