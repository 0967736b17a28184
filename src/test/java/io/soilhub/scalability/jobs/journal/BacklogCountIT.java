package io.soilhub.scalability.jobs.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One replica counts the open jobs for all, in short statements.
class BacklogCountIT {

  private static final int PAGE = 100;
  private static final Ticker STANDING = () -> 0;

  private String url;
  private Database database;

  @BeforeEach
  void open() {
    url = TestPostgres.shared().newDatabase();
    database = TestPostgres.open(url);
    database.migrate();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void everyOpenJobIsCountedOnceAndEveryReplicaReadsTheSame() {
    fill(1_200);
    new BacklogCount(database, () -> true, STANDING, PAGE).step();
    try (Database elsewhere = TestPostgres.open(url)) {
      QueueSnapshot snapshot = new QueueStore(elsewhere).snapshot();
      assertThat(snapshot.age()).isLessThan(Duration.ofMinutes(1));
      assertThat(snapshot.counts()).containsOnlyKeys("cleanup", "notifications");
      for (String queue : snapshot.counts().keySet()) {
        QueueCounts counts = snapshot.counts().get(queue);
        assertThat(counts.pending())
            .isEqualTo(Map.of(0, due(queue, 0), 1, due(queue, 1)))
            .doesNotContainValue(0L);
        assertThat(counts.delayed()).isEqualTo(open(queue, "run_at > now()")).isPositive();
        assertThat(counts.running()).isEqualTo(open(queue, "status = 'running'")).isPositive();
        assertThat(counts.oldestPendingSeconds()).isBetween(3_600.0, 4_000.0);
      }
    }
  }

  @Test
  void aLongCountTakesAPartOfEachSecondAndIsToldWhenItIsWhole() {
    fill(1_200);
    AtomicLong seconds = new AtomicLong();
    // each look at the clock is a second later: no more than one page a step
    Ticker slow = () -> Duration.ofSeconds(seconds.getAndIncrement()).toNanos();
    BacklogCount count = new BacklogCount(database, () -> true, slow, PAGE);
    QueueStore ledger = new QueueStore(database);
    int steps = 0;
    while (ledger.snapshot().countedAt().equals(Instant.EPOCH)) {
      count.step();
      steps++;
      assertThat(steps).isLessThan(100);
    }
    assertThat(steps).isGreaterThanOrEqualTo(900 / PAGE);
    assertThat(ledger.snapshot().counts().values().stream().mapToLong(QueueCounts::running).sum())
        .isEqualTo(300);
    // told as of when the count began
    assertThat(ledger.snapshot().age()).isGreaterThan(Duration.ofSeconds(900 / PAGE));
  }

  @Test
  void aReplicaThatDoesNotLeadReadsNoJobs() {
    fill(200);
    try (Database elsewhere = TestPostgres.open(url)) {
      new BacklogCount(elsewhere, () -> false, STANDING, PAGE).step();
      new QueueStore(elsewhere).snapshot();
    }
    assertThat(
            number(
                "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE"
                    + " relname = 'job'"))
        .isZero();
    assertThat(new QueueStore(database).snapshot().countedAt()).isEqualTo(Instant.EPOCH);
  }

  private long due(String queue, int priority) {
    return open(queue, "status = 'pending' AND run_at <= now() AND priority = " + priority);
  }

  private long open(String queue, String condition) {
    return number(
        "SELECT count(*) FROM job WHERE completed_at IS NULL AND queue = '%s' AND %s"
            .formatted(queue, condition));
  }

  private void fill(int jobs) {
    execute(
        """
        INSERT INTO job (job_id, job_type, queue, priority, payload, tags, status, max_attempts,
                         timeout_seconds, run_at, completed_at)
        SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'test',
               CASE n / 4 %% 2 WHEN 0 THEN 'cleanup' ELSE 'notifications' END,
               n / 8 %% 2, '{}', '{}',
               CASE n %% 4 WHEN 0 THEN 'completed' WHEN 1 THEN 'running' ELSE 'pending' END,
               4, 300,
               now() + CASE n %% 4 WHEN 3 THEN interval '1 hour' ELSE interval '-1 hour' END,
               CASE n %% 4 WHEN 0 THEN now() END
        FROM generate_series(1, %d) n
        """
            .formatted(jobs));
  }

  private void execute(String sql) {
    database.inStatement(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
          }
        });
  }

  private long number(String sql) {
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
