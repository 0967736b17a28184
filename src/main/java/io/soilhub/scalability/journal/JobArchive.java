package io.soilhub.scalability.journal;

import io.soilhub.scalability.platform.Database;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Reads jobs and does to single ones what an operator asks for.
public final class JobArchive {

  /// What a cancellation or a retry met.
  ///
  /// @param status what the job is now; running means that its worker has still to be stopped
  /// @param changed false when the job's state does not allow it
  public record Intervention(Queued job, JobStatus status, boolean changed) {}

  private static final String LOCKED =
      "SELECT queue, priority, status FROM job WHERE job_id = ? FOR UPDATE";
  private static final String CANCEL_OPEN =
      """
      UPDATE job SET status = 'cancelled', completed_at = now(), error_type = 'CANCELLED',
        error_message = 'Cancelled before it ran.' WHERE job_id = ?
      """;
  private static final String CANCEL_RUNNING =
      "UPDATE job SET cancel_requested = true WHERE job_id = ?";
  private static final String RETRY = Sql.resource("retry.sql");
  private static final String PURGE = Sql.resource("purge.sql");
  private static final String LISTED =
      """
      SELECT job_id, job_type, queue, priority, cast('' AS text) AS payload, tags, status, progress,
        attempt, max_attempts, crash_count, fence, timeout_seconds, cancel_requested, created_at,
        run_at, started_at, completed_at, worker, cast(NULL AS text) AS result, error_type,
        error_message
      FROM job WHERE
      """;

  private static final String OPEN_PAGE =
      """
      SELECT job_id, queue, priority, status = 'running' AS running,
             extract(epoch FROM run_at - now()) * 1000 AS due_ms
      FROM job WHERE completed_at IS NULL AND job_id > ? ORDER BY job_id LIMIT ?
      """;

  private final Database database;

  public JobArchive(Database database) {
    this.database = database;
  }

  public Optional<JobRecord> find(UUID jobId) {
    return database.withEntities(
        entities ->
            Optional.ofNullable(entities.find(JobRow.class, jobId))
                .map(row -> records(entities, List.of(row)).getFirst()));
  }

  /// Newest first, each without payload and result: a page of them could be larger than memory.
  public List<JobRecord> list(JobFilter filter, JobFilter.Page page) {
    String sql = LISTED + filter.condition(page) + " ORDER BY job_id DESC LIMIT :limit";
    return database.withEntities(
        entities -> {
          Query query = entities.createNativeQuery(sql, JobRow.class);
          Map.of("status", filter.status(), "queue", filter.queue(), "tag", filter.tag())
              .forEach((name, value) -> set(query, name, value));
          set(query, "type", filter.jobType());
          if (!page.before().equals(JobFilter.Page.START)) {
            query.setParameter("before", page.before());
          }
          query.setParameter("limit", page.limit());
          @SuppressWarnings("unchecked")
          List<JobRow> rows = query.getResultList();
          return records(entities, rows);
        });
  }

  /// Cancels an open job, or marks a running one so that its worker stops it.
  public Optional<Intervention> cancel(UUID jobId) {
    return database.inTransaction(
        connection ->
            intervene(
                connection,
                jobId,
                status -> {
                  if (status.terminal()) {
                    return status;
                  }
                  boolean running = status == JobStatus.RUNNING;
                  update(connection, running ? CANCEL_RUNNING : CANCEL_OPEN, jobId);
                  return running ? status : JobStatus.CANCELLED;
                },
                status -> !status.terminal()));
  }

  /// Opens a failed or cancelled job again, with all its attempts and its history.
  public Optional<Intervention> retry(UUID jobId) {
    return database.inTransaction(
        connection ->
            intervene(
                connection,
                jobId,
                status -> {
                  if (!retryable(status)) {
                    return status;
                  }
                  update(connection, RETRY, jobId);
                  return JobStatus.PENDING;
                },
                JobArchive::retryable));
  }

  /// Which of these jobs have ended.
  public Set<UUID> ended(Collection<UUID> jobIds) {
    String sql = "SELECT job_id FROM job WHERE job_id = ANY (?) AND completed_at IS NOT NULL";
    return database.inStatement(
        Database.Pool.CONTROL,
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setArray(1, connection.createArrayOf("uuid", jobIds.toArray()));
            Set<UUID> ended = new HashSet<>();
            try (ResultSet rows = s.executeQuery()) {
              while (rows.next()) {
                ended.add(rows.getObject(1, UUID.class));
              }
            }
            return ended;
          }
        });
  }

  /// Open jobs in the order of their ids, for walking over all of them a page at a time.
  ///
  /// @param after id of the last job of the page before; the nil UUID to begin
  public List<Queued> openJobs(UUID after, int limit) {
    return database.inStatement(
        Database.Pool.CONTROL,
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(OPEN_PAGE)) {
            s.setObject(1, after);
            s.setInt(2, limit);
            List<Queued> page = new ArrayList<>();
            try (ResultSet rows = s.executeQuery()) {
              while (rows.next()) {
                page.add(queued(rows));
              }
            }
            return page;
          }
        });
  }

  /// Deletes up to `limit` jobs that ended longer than `age` ago, oldest first.
  ///
  /// @return how many
  public int purge(Duration age, int limit) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(PURGE)) {
            s.setLong(1, age.toSeconds());
            s.setLong(2, age.toSeconds());
            s.setInt(3, limit);
            return s.executeUpdate();
          }
        });
  }

  /// Decides on the status under the row's lock.
  @FunctionalInterface
  private interface Change {
    JobStatus from(JobStatus status) throws SQLException;
  }

  private static Optional<Intervention> intervene(
      Connection connection, UUID jobId, Change change, Predicate<JobStatus> allowed)
      throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(LOCKED)) {
      s.setObject(1, jobId);
      try (ResultSet rows = s.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        JobStatus before = JobStatus.of(rows.getString("status"));
        String queue = rows.getString("queue");
        Queued job = new Queued(jobId, queue, rows.getInt("priority"), Duration.ZERO, false);
        return Optional.of(new Intervention(job, change.from(before), allowed.test(before)));
      }
    }
  }

  private static boolean retryable(JobStatus status) {
    return status == JobStatus.FAILED || status == JobStatus.CANCELLED;
  }

  private static void update(Connection connection, String sql, UUID jobId) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(sql)) {
      s.setObject(1, jobId);
      s.executeUpdate();
    }
  }

  private static Queued queued(ResultSet rows) throws SQLException {
    return new Queued(
        rows.getObject("job_id", UUID.class),
        rows.getString("queue"),
        rows.getInt("priority"),
        Duration.ofMillis((long) Math.ceil(rows.getDouble("due_ms"))),
        rows.getBoolean("running"));
  }

  private static void set(Query query, String name, String value) {
    if (!value.isEmpty()) {
      query.setParameter(name, value);
    }
  }

  private static List<JobRecord> records(EntityManager entities, List<JobRow> rows) {
    List<UUID> ids = rows.stream().map(row -> row.jobId).toList();
    Map<UUID, List<JobEventRow>> events =
        entities
            .createQuery(
                "select e from JobEventRow e where e.jobId in :ids order by e.eventId",
                JobEventRow.class)
            .setParameter("ids", ids)
            .getResultStream()
            .collect(Collectors.groupingBy(e -> e.jobId));
    return rows.stream()
        .map(row -> JobRecord.of(row, events.getOrDefault(row.jobId, List.of())))
        .toList();
  }
}
