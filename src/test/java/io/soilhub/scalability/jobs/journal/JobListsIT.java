package io.soilhub.scalability.jobs.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.telemetry.tracing.TraceContext;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import jakarta.persistence.EntityManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Lists of jobs cost the engine nothing, however long the table and however many their callers.
class JobListsIT {

  private static final String PREFIX = "00000000-0000-7000-8000-";
  private static final JobFilter ALL = new JobFilter("", "", "", "");
  private static final JobFilter.Page FIRST = JobFilter.Page.after(Optional.empty(), 50);

  @Test
  void readersThatAreStuckKeepNoSubmissionFromCommittingAndAreToldWhenTheirTimeIsUp() {
    String url = TestPostgres.shared().newDatabase();
    Uuid7 ids = new Uuid7(Clock.systemUTC(), new SplittableRandom());
    try (Database database = TestPostgres.open(url);
        Database elsewhere = TestPostgres.open(url);
        ExecutorService callers = Executors.newFixedThreadPool(24)) {
      database.migrate();
      Journal journal =
          new Journal(database, 3, Set.of("test"), Thread.ofPlatform().daemon().factory());
      journal.submit(List.of(job(ids))).join();
      JobRepository archive = new JobRepository(database);
      archive.list(ALL, FIRST);
      List<CompletableFuture<?>> stuck = new ArrayList<>();
      elsewhere.inTransaction(
          connection -> {
            try (Statement lock = connection.createStatement()) {
              // a list reads the events, a submission does not
              lock.execute("LOCK TABLE job_event");
            }
            for (int i = 0; i < 24; i++) {
              stuck.add(CompletableFuture.supplyAsync(() -> archive.list(ALL, FIRST), callers));
            }
            Await.until(
                "all connections of readers are taken",
                Duration.ofSeconds(10),
                () -> {
                  Database.PoolState readers = database.poolState(Database.Pool.READER);
                  return readers.active() == readers.max() && readers.waiting() > 0;
                });
            List<NewJob> job = List.of(job(ids));
            assertThat(journal.submit(job).orTimeout(2, TimeUnit.SECONDS).join()).hasSize(1);
            database.ping();
            // Those that read and those that wait for a connection are told in the same time.
            CompletableFuture.allOf(stuck.toArray(CompletableFuture[]::new))
                .handle((_, failure) -> failure)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
            return null;
          });
      assertThat(stuck.stream().map(JobListsIT::problem).distinct())
          .containsExactlyInAnyOrder("query-timeout", "readers-busy");
      journal.close();
    }
  }

  /// Whatever is asked for, and wherever the page begins, a list looks at so many jobs and no more,
  /// also while the planner knows the table as it was long ago.
  @Test
  void noFilterReadsMoreThanABoundedNumberOfJobs() {
    String url = TestPostgres.shared().newDatabase();
    try (Database database = TestPostgres.open(url)) {
      database.migrate();
      fill(database, 40_000);
      execute(database, "ANALYZE job");
      end(database);
      int most = 1_000;
      UUID middle = id(20_000);
      List<String> broken = new ArrayList<>();
      for (JobFilter filter : filters()) {
        for (UUID before : List.of(JobFilter.Page.START, middle)) {
          long read = rowsRead(database, filter, new JobFilter.Page(before, 50), most);
          // of job_tag and as many jobs, or of the walks over open and over ended jobs
          if (read > 2L * most) {
            broken.add("%s before %s: %d rows".formatted(filter, before, read));
          }
        }
      }
      assertThat(broken).isEmpty();
    }
  }

  /// The pages of a list together have every job of it once, newest first.
  @Test
  void thePagesHaveEveryJobOfTheListOnce() {
    String url = TestPostgres.shared().newDatabase();
    try (Database database = TestPostgres.open(url)) {
      database.migrate();
      fill(database, 1_500);
      end(database);
      for (JobFilter filter : filters()) {
        assertThat(listed(database, filter, 40, 200))
            .as("%s", filter)
            .isEqualTo(naive(database, filter));
      }
    }
  }

  private static List<JobFilter> filters() {
    List<JobFilter> all = new ArrayList<>();
    for (String status :
        List.of("", "pending", "running", "retrying", "completed", "failed", "cancelled")) {
      for (String queue : List.of("", "recommendations", "cleanup", "notifications")) {
        for (String type : List.of("", "common", "rare", "unknown")) {
          for (String tag : List.of("", "every", "seldom", "unknown")) {
            all.add(new JobFilter(status, queue, type, tag));
          }
        }
      }
    }
    return all;
  }

  private static List<UUID> listed(Database database, JobFilter filter, int limit, int most) {
    List<UUID> ids = new ArrayList<>();
    Optional<UUID> next = Optional.empty();
    do {
      JobFilter.Page page = JobFilter.Page.after(next, limit);
      JobListing.Rows rows =
          database.withEntities(entities -> new JobListing(filter, page, most).read(entities));
      assertThat(rows.rows()).hasSizeLessThanOrEqualTo(limit);
      rows.rows().forEach(row -> ids.add(row.jobId));
      next = rows.next();
    } while (next.isPresent());
    return ids;
  }

  private static List<UUID> naive(Database database, JobFilter filter) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement s =
              connection.prepareStatement(
                  """
                  SELECT job_id FROM job
                  WHERE ? IN ('', status) AND ? IN ('', queue) AND ? IN ('', job_type)
                    AND (? = '' OR ? = ANY (tags))
                  ORDER BY job_id DESC
                  """)) {
            s.setString(1, filter.status());
            s.setString(2, filter.queue());
            s.setString(3, filter.jobType());
            s.setString(4, filter.tag());
            s.setString(5, filter.tag());
            List<UUID> ids = new ArrayList<>();
            try (ResultSet row = s.executeQuery()) {
              while (row.next()) {
                ids.add(row.getObject(1, UUID.class));
              }
            }
            return ids;
          }
        });
  }

  /// What one page reads, by what the server counts of a session.
  private static long rowsRead(Database database, JobFilter filter, JobFilter.Page page, int most) {
    return database.withEntities(
        entities -> {
          long before = counted(entities);
          new JobListing(filter, page, most).read(entities);
          return counted(entities) - before;
        });
  }

  private static long counted(EntityManager entities) {
    Object read =
        entities
            .createNativeQuery(
                """
                SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))
                FROM pg_stat_xact_user_tables WHERE relname IN ('job', 'job_tag')
                """)
            .getSingleResult();
    return ((Number) read).longValue();
  }

  /// Jobs that wait: the oldest of them of a rare queue, type and tag.
  private static void fill(Database database, int jobs) {
    execute(
        database,
        """
        INSERT INTO job (job_id, job_type, queue, priority, payload, tags, status, max_attempts,
                         timeout_seconds, run_at)
        SELECT ('%s' || lpad(to_hex(n), 12, '0'))::uuid,
               CASE WHEN n < 20 THEN 'rare' ELSE 'common' END,
               CASE WHEN n < 30 THEN 'cleanup' ELSE 'recommendations' END,
               1, '{}',
               CASE WHEN n < 40 THEN '{every,seldom}' WHEN n %% 3 = 0 THEN '{}' ELSE '{every}' END::text[],
               'pending', 4, 300, now()
        FROM generate_series(1, %d) n
        """
            .formatted(PREFIX, jobs));
  }

  /// Ends most of them, those of the rarer kinds last of all.
  private static void end(Database database) {
    execute(
        database,
        """
        UPDATE job SET status = s.status, completed_at = s.completed_at, error_type = s.error_type
        FROM (SELECT job_id, status,
                     CASE WHEN status IN ('completed', 'failed', 'cancelled') THEN now() END AS completed_at,
                     CASE WHEN status IN ('failed', 'cancelled', 'retrying') THEN 'TEST' END AS error_type
              FROM (SELECT job_id,
                           CASE WHEN n %% 5 = 1 THEN 'running' WHEN n %% 5 = 2 THEN 'retrying'
                                WHEN n < 25 THEN 'failed' WHEN n < 50 THEN 'cancelled'
                                WHEN n < 400 THEN 'pending' ELSE 'completed' END AS status
                    FROM (SELECT job_id, CASE WHEN r < 60 THEN r ELSE r / 5 * 5 END AS n
                          FROM (SELECT job_id, row_number() OVER (ORDER BY job_id) AS r FROM job) a) b) c) s
        WHERE job.job_id = s.job_id
        """
            .replace("%%", "%"));
  }

  private static UUID id(int n) {
    return UUID.fromString(PREFIX + "%012x".formatted(n));
  }

  private static void execute(Database database, String sql) {
    database.inStatement(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
          }
        });
  }

  private static String problem(CompletableFuture<?> list) {
    try {
      list.join();
      return "none";
    } catch (CompletionException e) {
      return e.getCause() instanceof Problem problem ? problem.type() : e.toString();
    }
  }

  private static NewJob job(Uuid7 ids) {
    return new NewJob(
        ids.next(),
        "test",
        "recommendations",
        1,
        "{}",
        List.of(),
        4,
        Duration.ofSeconds(60),
        NewJob.AT_ONCE,
        Duration.ZERO,
        TraceContext.NONE);
  }
}
