package io.soilhub.scalability.jobs.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.telemetry.tracing.TraceContext;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.FaultProxy;
import io.soilhub.scalability.testing.TestPostgres;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Claims whose fate their claimer does not know: a network between it and PostgreSQL breaks.
class JournalClaimsIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int HISTORY = 100;

  /// A lock may last: here the network breaks first.
  private static final JournalLimits PATIENT = new JournalLimits(SOON, SOON, 1 << 20);

  private final Uuid7 ids = new Uuid7(Clock.systemUTC(), new SplittableRandom());
  private String url;
  private FaultProxy proxy;
  private Database database;
  private Database direct;
  private Journal journal;

  @BeforeEach
  void open() {
    url = TestPostgres.shared().newDatabase();
    int port = URI.create(url).getPort();
    proxy = FaultProxy.before(port);
    direct = TestPostgres.open(url);
    direct.migrate();
    database = TestPostgres.open(url.replace(":" + port + "/", ":" + proxy.port() + "/"));
    journal =
        new Journal(database, 3, Set.of("test"), PATIENT, Thread.ofPlatform().daemon().factory());
  }

  @AfterEach
  void close() {
    proxy.pass();
    journal.close();
    database.close();
    direct.close();
    proxy.close();
  }

  @Test
  void aClaimWhoseCommitWasNotAnsweredIsRecognisedWhenItIsRepeated() throws Exception {
    UUID id = submitted();
    CompletableFuture<List<ClaimedJob>> claim;
    try (Connection lock = locked(id)) {
      claim = journal.claim(List.of(id), "one");
      Await.until("the claim waits", SOON, () -> waiting() == 1);
      proxy.freeze(FaultProxy.Direction.TO_CLIENT);
      lock.rollback();
    }
    Await.until("the claim is made", SOON, () -> count("status = 'running'") == 1);
    proxy.reset();
    proxy.pass();
    isTheFirstAndOnly(claim);
  }

  @Test
  void aCopyOfAClaimThatTheServerExecutesLateIsNoCrash() throws Exception {
    UUID id = submitted();
    CompletableFuture<List<ClaimedJob>> claim;
    try (Connection lock = locked(id)) {
      claim = journal.claim(List.of(id), "one");
      Await.until("the claim waits", SOON, () -> waiting() == 1);
      proxy.reset();
      Await.until("its copy is left and it is repeated", SOON, () -> waiting() == 2);
      lock.rollback();
    }
    isTheFirstAndOnly(claim);
  }

  @Test
  void aClaimOfAnotherWorkerIsACrashOfTheOneBefore() {
    UUID id = submitted();
    assertThat(journal.claim(List.of(id), "one").join().getFirst().fence()).isEqualTo(1);
    ClaimedJob second = journal.claim(List.of(id), "one").join().getFirst();
    assertThat(second.fence()).isEqualTo(2);
    assertThat(second.crashes()).isEqualTo(1);
    assertThat(second.attempt()).isEqualTo(1);
  }

  @Test
  void aLargePayloadIsReadOnlyByTheClaimThatHoldsTheJob() {
    String large = "{\"text\":\"%s\"}".formatted("ü".repeat(10_000));
    UUID id = submitted(large);
    ClaimedJob claimed = journal.claim(List.of(id), "one").join().getFirst();
    assertThat(claimed.payload()).isEmpty();
    assertThat(claimed.payloadBytes()).isEqualTo(20_011);
    assertThat(journal.payload(new Claim(id, claimed.fence()))).contains(large);
    assertThat(journal.payload(new Claim(id, claimed.fence() + 1))).isEmpty();
  }

  @Test
  void theSizeOfAPayloadOfTheVersionBeforeIsMeasured() throws SQLException {
    UUID id = submitted("{\"text\":\"%s\"}".formatted("x".repeat(10_000)));
    UUID small = submitted("{}");
    execute("UPDATE job SET payload_bytes = NULL");
    List<ClaimedJob> claimed = journal.claim(List.of(id, small), "one").join();
    assertThat(claimed).extracting(ClaimedJob::payloadBytes).containsExactly(10_011, 2);
    assertThat(claimed).extracting(ClaimedJob::payload).containsExactly("", "{}");
  }

  @Test
  void aClaimThatWasOnlyWaitedWithLeavesNothing() {
    UUID id = submitted();
    for (int i = 0; i < 5; i++) {
      ClaimedJob job = journal.claim(List.of(id), "one").join().getFirst();
      journal.settle(List.of(Settlement.unstarted(job))).join();
    }
    JobRecord job = new JobRepository(direct).find(id).orElseThrow();
    assertThat(job.history()).extracting(JobRecord.Step::status).containsExactly(JobStatus.PENDING);
    assertThat(job.times().startedAt()).isEmpty();
    assertThat(job.attempt()).isZero();
    new JobRepository(direct).cancel(id);
    assertThat(new JobRepository(direct).find(id).orElseThrow().history())
        .extracting(JobRecord.Step::status)
        .containsExactly(JobStatus.PENDING, JobStatus.CANCELLED);
  }

  @Test
  void ofAHistoryTheNewestPartIsKept() {
    UUID id = submitted();
    for (int i = 0; i < HISTORY; i++) {
      ClaimedJob job = journal.claim(List.of(id), "one").join().getFirst();
      journal.settle(List.of(Settlement.released(job, "turn " + i))).join();
    }
    List<JobRecord.Step> history = new JobRepository(direct).find(id).orElseThrow().history();
    assertThat(history).hasSize(HISTORY + 1);
    assertThat(history.getLast().message()).isEqualTo("turn " + (HISTORY - 1));
    assertThat(events()).isEqualTo(HISTORY);
  }

  private void isTheFirstAndOnly(CompletableFuture<List<ClaimedJob>> claim) throws Exception {
    List<ClaimedJob> claimed = claim.get(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(claimed).singleElement().satisfies(job -> assertThat(job.fence()).isEqualTo(1));
    assertThat(count("status = 'running' AND fence = 1 AND crash_count = 0 AND attempt = 1"))
        .isEqualTo(1);
    assertThat(events()).isZero();
  }

  private UUID submitted() {
    return submitted("{}");
  }

  private UUID submitted(String payload) {
    NewJob job =
        new NewJob(
            ids.next(),
            "test",
            "recommendations",
            1,
            payload,
            List.of(),
            4,
            Duration.ofSeconds(60),
            NewJob.AT_ONCE,
            Duration.ZERO,
            TraceContext.NONE);
    journal.submit(List.of(job)).join();
    return job.jobId();
  }

  /// Holds a job's row until the connection is rolled back.
  private Connection locked(UUID id) throws SQLException {
    URI uri = URI.create(url);
    String[] user = uri.getUserInfo().split(":");
    String jdbc =
        "jdbc:postgresql://%s:%d%s".formatted(uri.getHost(), uri.getPort(), uri.getPath());
    Connection connection = DriverManager.getConnection(jdbc, user[0], user[1]);
    connection.setAutoCommit(false);
    try (Statement s = connection.createStatement()) {
      s.execute("SELECT FROM job WHERE job_id = '%s' FOR UPDATE".formatted(id));
    }
    return connection;
  }

  private long waiting() {
    return number(
        "SELECT count(*) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND wait_event_type = 'Lock'");
  }

  private long count(String condition) {
    return number("SELECT count(*) FROM job WHERE " + condition);
  }

  private long events() {
    return number("SELECT count(*) FROM job_event");
  }

  private void execute(String sql) throws SQLException {
    direct.inTransaction(
        connection -> {
          try (Statement s = connection.createStatement()) {
            return s.execute(sql);
          }
        });
  }

  private long number(String sql) {
    return direct.inTransaction(
        connection -> {
          try (Statement s = connection.createStatement();
              ResultSet row = s.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
          }
        });
  }
}
