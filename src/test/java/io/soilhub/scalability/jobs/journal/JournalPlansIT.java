package io.soilhub.scalability.jobs.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.telemetry.tracing.TraceContext;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// PostgreSQL plans the statements of the journal once and keeps the plans. Those that it made
/// while the table was empty have to serve as well when it has grown.
class JournalPlansIT {

  private static final ThreadFactory THREADS = Thread.ofPlatform().daemon().factory();
  private static final int GROUPS = 60;
  private static final int FIRST = 20;
  private static final int JOBS_A_GROUP = 50;
  private static final TraceContext TRACE =
      TraceContext.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=value");

  @Test
  void aPlanMadeForAnEmptyTableReadsNoMoreOfAFullOneThanTheJobsAskedFor() {
    String url = TestPostgres.shared().newDatabase();
    try (Database database = TestPostgres.open(url)) {
      database.migrate();
    }
    // statistics that say so, which a new table has not, and one that was purged has
    execute(url, "VACUUM ANALYZE job");
    Uuid7 ids = new Uuid7(Clock.systemUTC(), new SplittableRandom());
    try (Database database = TestPostgres.open(url);
        Journal journal = new Journal(database, 3, Set.of("test"), THREADS)) {
      for (int group = 0; group < GROUPS; group++) {
        // lone jobs first: the plans are made while the table still has next to nothing
        int size = group < FIRST ? 1 : JOBS_A_GROUP;
        List<NewJob> jobs = IntStream.range(0, size).mapToObj(_ -> job(ids.next())).toList();
        journal.submit(jobs).join();
        List<ClaimedJob> claimed =
            journal.claim(jobs.stream().map(NewJob::jobId).toList(), "one").join();
        assertThat(claimed).hasSize(size);
        List<Settlement> ends =
            claimed.stream().map(job -> Settlement.completed(job, "{}")).toList();
        assertThat(journal.settle(ends).join()).allMatch(SettlementResult::accepted);
      }
    }
    long read =
        number(
            url, "SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = 'job_pkey'");
    long scanned =
        number(url, "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'job'");
    assertThat(read + scanned).isBetween(1L, 8L * GROUPS * JOBS_A_GROUP);
  }

  @Test
  void aClaimIsAHeapOnlyUpdate() {
    String url = TestPostgres.shared().newDatabase();
    Uuid7 ids = new Uuid7(Clock.systemUTC(), new SplittableRandom());
    try (Database database = TestPostgres.open(url)) {
      database.migrate();
      try (Journal journal = new Journal(database, 3, Set.of("test"), THREADS)) {
        List<NewJob> jobs =
            IntStream.range(0, JOBS_A_GROUP).mapToObj(_ -> job(ids.next())).toList();
        journal.submit(jobs).join();
        journal.claim(jobs.stream().map(NewJob::jobId).toList(), "one").join();
      }
    }
    assertThat(number(url, "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'job'"))
        .isEqualTo(JOBS_A_GROUP);
    // all but the last ones of a page, which has no room for a second version of each
    assertThat(number(url, "SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'job'"))
        .isGreaterThan(JOBS_A_GROUP * 4 / 5);
  }

  private static NewJob job(UUID id) {
    return new NewJob(
        id,
        "test",
        "recommendations",
        1,
        "{}",
        List.of(),
        4,
        Duration.ofSeconds(60),
        NewJob.AT_ONCE,
        Duration.ZERO,
        TRACE);
  }

  private static void execute(String url, String sql) {
    try (Database database = TestPostgres.open(url)) {
      database.inTransaction(
          connection -> {
            connection.setAutoCommit(true);
            try (Statement statement = connection.createStatement()) {
              statement.execute(sql);
            }
            connection.setAutoCommit(false);
            return null;
          });
    }
  }

  /// What the sessions that have ended counted.
  private static long number(String url, String sql) {
    try (Database database = TestPostgres.open(url)) {
      return database.inTransaction(
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
