package io.soilhub.scalability.jobs.journal;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Reads jobs and does to single ones what an operator asks for.
public final class JobRepository {

  /// What a cancellation or a retry met.
  ///
  /// @param status what the job is now; running means that its worker has still to be stopped
  /// @param changed false when the job's state does not allow it
  public record Intervention(OpenJob job, JobStatus status, boolean changed) {}

  /// A page of a list. It may hold fewer jobs than asked for, or none, and still not be the last: a
  /// page looks at a bounded number of jobs.
  ///
  /// @param next where the next page begins; empty when there is none
  public record Listed(List<JobRecord> jobs, Optional<UUID> next) {}

  /// What came of a step of purging.
  ///
  /// @param last where the next step begins
  /// @param more whether there is a next step
  public record Purged(int deleted, UUID last, boolean more) {
    public static final UUID START = new UUID(0, 0);
  }

  /// So that callers who ask for a job whose row is held do not wait on all connections there are.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final String LOCKED =
      "SELECT queue, priority, status FROM job WHERE job_id = ? FOR UPDATE";
  private static final String CANCEL_OPEN =
      """
      UPDATE job SET status = 'cancelled', completed_at = now(), error_type = 'CANCELLED',
        error_message = 'Cancelled before it ran.' WHERE job_id = ?
      """;
  private static final String CANCEL_RUNNING =
      "UPDATE job SET cancel_requested = true WHERE job_id = ?";
  private static final String RETRY = SqlResource.read("retry.sql");
  private static final String FOLD_EVENTS = SqlResource.read("fold_events.sql");
  private static final String RETRIED = "INSERT INTO job_effect (job_id, effect) VALUES (?, ?)";
  private static final String HAS_RETRIED =
      "SELECT FROM job_effect WHERE job_id = ? AND effect = ?";
  private static final String PURGE = SqlResource.read("purge.sql");

  /// Of each job the newest: what is read must be bounded whatever was written.
  private static final String EVENTS =
      """
      SELECT e.* FROM job j, LATERAL (
        SELECT * FROM job_event WHERE job_id = j.job_id ORDER BY event_id DESC LIMIT 100) AS e
      WHERE j.job_id IN (:ids) ORDER BY e.event_id
      """;

  private static final String OPEN_PAGE =
      """
      SELECT job_id, queue, priority, status = 'running' AS running,
             extract(epoch FROM run_at - now()) * 1000 AS due_ms
      FROM job WHERE completed_at IS NULL AND job_id > ? ORDER BY job_id LIMIT ?
      """;

  private final Database database;

  public JobRepository(Database database) {
    this.database = database;
  }

  public Optional<JobRecord> find(UUID jobId) {
    return database.withEntities(
        entities ->
            Optional.ofNullable(entities.find(JobRow.class, jobId))
                .map(row -> records(entities, List.of(row)).getFirst()));
  }

  /// Newest first, each without payload and result: a page of them could be larger than memory.
  public Listed list(JobFilter filter, JobFilter.Page page) {
    return database.withEntities(
        entities -> {
          JobListing.Rows found = new JobListing(filter, page, JobListing.LOOKED_AT).read(entities);
          return new Listed(records(entities, found.rows()), found.next());
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
                  Sql.update(connection, running ? CANCEL_RUNNING : CANCEL_OPEN, jobId);
                  return running ? status : JobStatus.CANCELLED;
                },
                status -> !status.terminal()));
  }

  /// Opens a failed or cancelled job again, with all its attempts and its history. For the same
  /// operation once: each repeat of it counts as allowed, whatever became of the job since.
  ///
  /// @param operationId the same in every repeat
  public Optional<Intervention> retry(UUID jobId, Optional<UUID> operationId) {
    // Among the effects of the job's handler, which is not likely to name one so.
    Optional<String> effect = operationId.map(id -> "retry:" + id);
    return database.inTransaction(
        connection -> {
          AtomicBoolean repeated = new AtomicBoolean();
          return intervene(
              connection,
              jobId,
              status -> {
                repeated.set(effect.isPresent() && has(connection, jobId, effect.get()));
                if (repeated.get() || !retryable(status)) {
                  return status;
                }
                Sql.update(connection, RETRY, jobId);
                foldEvents(connection, jobId);
                if (effect.isPresent()) {
                  Sql.update(connection, RETRIED, jobId, effect.get());
                }
                return JobStatus.PENDING;
              },
              status -> repeated.get() || retryable(status));
        });
  }

  private static boolean has(Connection connection, UUID jobId, String effect) throws SQLException {
    return Sql.first(connection, HAS_RETRIED, _ -> true, jobId, effect).isPresent();
  }

  /// Which of these jobs have ended.
  public Set<UUID> ended(Collection<UUID> jobIds) {
    String sql = "SELECT job_id FROM job WHERE job_id = ANY (?) AND completed_at IS NOT NULL";
    return database.inStatement(
        Database.Pool.CONTROL,
        connection ->
            Set.copyOf(
                Sql.read(
                    connection,
                    sql,
                    row -> row.getObject(1, UUID.class),
                    Sql.array("uuid", jobIds))));
  }

  /// Open jobs in the order of their ids, for walking over all of them a page at a time.
  ///
  /// @param after id of the last job of the page before; the nil UUID to begin
  public List<OpenJob> openJobs(UUID after, int limit) {
    return database.inStatement(
        Database.Pool.CONTROL,
        connection -> Sql.read(connection, OPEN_PAGE, JobRepository::openJob, after, limit));
  }

  /// Walks on over old jobs, oldest first, and deletes those that ended longer than `age` ago.
  ///
  /// @param after where the step before ended; [Purged#START] to begin
  /// @param limit jobs to look at, in one transaction
  public Purged purge(Duration age, UUID after, int limit) {
    return database.inTransaction(
        connection -> {
          // Also for the foreign keys, whose rows PostgreSQL looks up job by job.
          Sql.update(connection, "SET LOCAL enable_seqscan = off");
          long seconds = age.toSeconds();
          return Sql.first(
                  connection,
                  PURGE,
                  row -> purged(row, after, limit),
                  after,
                  seconds,
                  limit,
                  seconds,
                  seconds)
              .orElseThrow();
        });
  }

  private static Purged purged(ResultSet row, UUID after, int limit) throws SQLException {
    boolean more = row.getInt("walked") == limit;
    return new Purged(
        row.getInt("deleted"), more ? row.getObject("last", UUID.class) : after, more);
  }

  /// A job whose row is locked until the end of the transaction.
  private record Locked(OpenJob job, JobStatus status) {}

  /// Decides on the status under the row's lock.
  @FunctionalInterface
  private interface Change {
    JobStatus from(JobStatus status) throws SQLException;
  }

  private static Optional<Intervention> intervene(
      Connection connection, UUID jobId, Change change, Predicate<JobStatus> allowed)
      throws SQLException {
    List<Locked> found =
        Sql.readWithin(PATIENCE, connection, LOCKED, row -> locked(row, jobId), jobId);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Locked job = found.getFirst();
    JobStatus now = change.from(job.status());
    return Optional.of(new Intervention(job.job(), now, allowed.test(job.status())));
  }

  private static Locked locked(ResultSet row, UUID jobId) throws SQLException {
    return new Locked(
        new OpenJob(jobId, row.getString("queue"), row.getInt("priority"), Duration.ZERO, false),
        JobStatus.of(row.getString("status")));
  }

  private static boolean retryable(JobStatus status) {
    return status == JobStatus.FAILED || status == JobStatus.CANCELLED;
  }

  private static void foldEvents(Connection connection, UUID jobId) throws SQLException {
    Sql.Array ids = Sql.array("uuid", List.of(jobId));
    Sql.update(connection, FOLD_EVENTS, ids, ids);
  }

  private static OpenJob openJob(ResultSet rows) throws SQLException {
    return new OpenJob(
        rows.getObject("job_id", UUID.class),
        rows.getString("queue"),
        rows.getInt("priority"),
        Duration.ofMillis((long) Math.ceil(rows.getDouble("due_ms"))),
        rows.getBoolean("running"));
  }

  private static List<JobRecord> records(EntityManager entities, List<JobRow> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    List<UUID> ids = rows.stream().map(row -> row.jobId).toList();
    @SuppressWarnings("unchecked")
    List<JobEventRow> read =
        entities
            .createNativeQuery(EVENTS, JobEventRow.class)
            .setParameter("ids", ids)
            .getResultList();
    Map<UUID, List<JobEventRow>> events =
        read.stream().collect(Collectors.groupingBy(e -> e.jobId));
    return rows.stream()
        .map(row -> JobRecord.of(row, events.getOrDefault(row.jobId, List.of())))
        .toList();
  }
}
