package io.soilhub.scalability.jobs.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Old jobs are deleted by one walk over them, whatever lies between.
class JobPurgeIT {

  private static final Duration WEEK = Duration.ofDays(7);
  private static final int STEP = 1_000;

  private String url;

  @BeforeEach
  void prepare() {
    url = TestPostgres.shared().newDatabase();
    try (Database database = TestPostgres.open(url)) {
      database.migrate();
    }
  }

  @Test
  void everyRowIsWalkedOverOnceHoweverManyOpenOnesLieBefore() {
    // First 30,000 that are open, then 5,000 that ended, all older than the cutoff.
    fill(35_000, "CASE WHEN n > 30000 THEN at END");
    execute("ANALYZE job");
    int deleted = 0;
    int steps = 0;
    try (Database database = TestPostgres.open(url)) {
      JobRepository archive = new JobRepository(database);
      UUID last = JobRepository.Purged.START;
      for (boolean more = true; more; steps++) {
        JobRepository.Purged purged = archive.purge(WEEK, last, STEP);
        deleted += purged.deleted();
        last = purged.last();
        more = purged.more();
      }
    }
    assertThat(deleted).isEqualTo(5_000);
    assertThat(steps).isLessThanOrEqualTo(36);
    // Once as walked over, and twice more for each that is locked and deleted.
    assertThat(
            number(
                "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname ="
                    + " 'job'"))
        .isBetween(35_000L, 2 * 35_000L);
    assertThat(number("SELECT count(*) FROM job")).isEqualTo(30_000);
  }

  @Test
  void aHeldRowIsLeftForTheNextDayAndHoldsNothingUp() {
    fill(10, "at");
    try (Database database = TestPostgres.open(url)) {
      JobRepository archive = new JobRepository(database);
      int deleted =
          database.inTransaction(
              connection -> {
                lockOldest(connection);
                return archive.purge(WEEK, JobRepository.Purged.START, STEP).deleted();
              });
      assertThat(deleted).isEqualTo(9);
      assertThat(archive.purge(WEEK, JobRepository.Purged.START, STEP).deleted()).isOne();
    }
  }

  /// Ten million jobs a day are 116 a second; the cleanup has to be done with them in three hours
  /// at most. Says how fast it was.
  @Test
  @Tag("drill")
  void aDayOfTenMillionJobsIsGoneWithinThreeHours() {
    int jobs = 400_000;
    fill(jobs, "CASE WHEN n % 8 > 0 THEN at END");
    execute(
        """
        INSERT INTO job_event (job_id, status, at)
        SELECT job_id, 'running', created_at FROM job WHERE hashtext(job_id::text) % 5 = 0
        """);
    execute("INSERT INTO job_effect (job_id, effect) SELECT job_id, 'store' FROM job");
    long deleted = 0;
    long begin = System.nanoTime();
    try (Database database = TestPostgres.open(url)) {
      JobRepository archive = new JobRepository(database);
      JobRepository.Purged purged = new JobRepository.Purged(0, JobRepository.Purged.START, true);
      while (purged.more()) {
        purged = archive.purge(WEEK, purged.last(), 2_000);
        deleted += purged.deleted();
      }
    }
    double rate = deleted / ((System.nanoTime() - begin) / 1e9);
    System.out.printf("%d jobs deleted, %.0f a second%n", deleted, rate);
    assertThat(deleted).isEqualTo(jobs * 7L / 8);
    assertThat(rate).isGreaterThan(1_000);
  }

  private void fill(int jobs, String completedAt) {
    execute(
        """
        INSERT INTO job (job_id, job_type, queue, priority, payload, tags, status, max_attempts,
                         timeout_seconds, created_at, run_at, completed_at)
        SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
                || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
               'test', 'cleanup', 1, '{}', '{}',
               CASE WHEN completed_at IS NULL THEN 'pending' ELSE 'completed' END,
               4, 300, at, at, completed_at
        FROM (SELECT n, at, %s AS completed_at
              FROM (SELECT n, now() - interval '9 days' + n * interval '1 ms' AS at
                    FROM generate_series(1, %d) n) a) b
        """
            .formatted(completedAt, jobs));
  }

  private static void lockOldest(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT FROM job ORDER BY job_id LIMIT 1 FOR UPDATE");
    }
  }

  private void execute(String sql) {
    try (Database database = TestPostgres.open(url)) {
      database.inStatement(
          connection -> {
            try (Statement statement = connection.createStatement()) {
              return statement.execute(sql);
            }
          });
    }
  }

  /// Also of what the sessions that have ended counted.
  private long number(String sql) {
    try (Database database = TestPostgres.open(url)) {
      return database.inStatement(
          connection -> {
            try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
              row.next();
              return row.getLong(1);
            }
          });
    }
  }
}
