package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.RawValue;
import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseSettings;
import io.soilhub.scalability.testing.Await;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whatever a run or its database does: the job ends, and no other job notices.
class JobFailuresIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final JobQueue QUEUE = JobQueue.DATA_PROCESSING;
  private static final String LEASES = "jobs:{" + QUEUE.text() + "}:lease";
  @RegisterExtension static final TestStores STORES = new TestStores();

  private final AtomicInteger runs = new AtomicInteger();
  private final Database nowhere =
      new Database(
          DatabaseSettings.of(
              "postgresql://nobody:none@localhost:1/x", 10, Duration.ofMillis(250)));
  private TestEngine engine;

  @BeforeEach
  void start() {
    List<JobHandler> handlers =
        List.of(
            Handlers.of("fine", _ -> Json.object()),
            Handlers.of(
                "no_message",
                _ -> {
                  throw JobFailed.permanently("NO_MESSAGE", null);
                }),
            Handlers.of(
                "nul",
                _ -> {
                  throw JobFailed.permanently("N\0UL", "a\0b");
                }),
            Handlers.of(
                "error",
                _ -> {
                  throw new AssertionError("on purpose");
                }),
            Handlers.of("no_json", _ -> JsonNodeFactory.instance.rawValueNode(new RawValue("{"))),
            Handlers.of("no_result", _ -> null),
            Handlers.of(
                "slow_statement",
                _ -> {
                  runs.incrementAndGet();
                  engine.database.inTransaction(JobFailuresIT::sleep);
                  return Json.object();
                }),
            Handlers.of(
                "away",
                _ -> {
                  runs.incrementAndGet();
                  nowhere.ping();
                  return Json.object();
                }));
    Map<String, String> variables =
        Map.of("WORKERS_PER_QUEUE", "4", "JOB_RETRY_BASE_MS", "1", "JOB_RETRY_MAX_SECONDS", "1");
    engine = TestEngine.of("one", STORES.url(), STORES.redis().open(), handlers, variables).start();
  }

  @AfterEach
  void close() {
    engine.close();
    nowhere.close();
  }

  @Test
  void aJobThatCannotBeRunOrSettledEndsAndItsBatchGoesOn() {
    pause(true);
    List<UUID> fine = new ArrayList<>(submit("fine", 20));
    UUID array = submit("fine", 1).getFirst();
    UUID deep = submit("fine", 1).getFirst();
    UUID noMessage = submit("no_message", 1).getFirst();
    UUID nul = submit("nul", 1).getFirst();
    UUID error = submit("error", 1).getFirst();
    UUID noJson = submit("no_json", 1).getFirst();
    UUID noResult = submit("no_result", 1).getFirst();
    fine.addAll(submit("fine", 20));
    payload(array, "[1]");
    payload(deep, "[".repeat(500) + "]".repeat(500));
    Await.until(
        "all wait in Redis",
        SOON,
        () -> STORES.redis().open().commands().zcard("jobs:{" + QUEUE.text() + "}:ready") == 47);
    pause(false);
    fine.forEach(id -> assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED));
    failed(array, "INVALID_PAYLOAD");
    failed(deep, "INVALID_PAYLOAD");
    failed(noMessage, "NO_MESSAGE");
    failed(nul, "NUL");
    failed(error, "UNEXPECTED");
    failed(noJson, "RESULT_REFUSED");
    assertThat(ended(noResult).status().terminal()).isTrue();
    Await.until("nothing is held", SOON, () -> STORES.redis().open().commands().zcard(LEASES) == 0);
  }

  @Test
  void aStatementThatTakesTooLongBurnsAnAttempt() {
    UUID id = engine.jobs().submit(JobRequest.of("slow_statement", Json.object()).withLimits(2, 9));
    failed(id, "DATABASE_BUSY");
    assertThat(runs).hasValue(2);
  }

  @Test
  void aRunThatFindsNoDatabaseIsPutOffOnlySoOften() {
    UUID id = engine.jobs().submit(JobRequest.of("away", Json.object()).withLimits(1, 9));
    failed(id, "DATABASE_UNAVAILABLE");
    assertThat(runs).hasValue(CompletionPolicy.MOST_POSTPONEMENTS + 1);
    Job job = engine.jobs().get(id);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.crashes()).isZero();
    assertThat(job.history()).hasSize(2 * runs.get() + 1);
  }

  private Job ended(UUID id) {
    return engine.ended(id, SOON);
  }

  private void failed(UUID id, String type) {
    Job job = ended(id);
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.error().orElseThrow().type()).isEqualTo(type);
    assertThat(job.crashes()).isZero();
  }

  private List<UUID> submit(String type, int count) {
    JobRequest request = JobRequest.of(type, Json.object()).withLimits(1, 10);
    return engine.jobs().submitAll(Collections.nCopies(count, request), Optional.empty());
  }

  private void payload(UUID id, String json) {
    engine.database.inTransaction(
        connection -> {
          try (Statement s = connection.createStatement()) {
            return s.executeUpdate(
                "UPDATE job SET payload = '%s' WHERE job_id = '%s'".formatted(json, id));
          }
        });
  }

  private void pause(boolean paused) {
    QueueAdmin board = engine.jobs().queues();
    board.limit(QUEUE, new QueueAdmin.Limits(paused, null, null), board.limits(QUEUE).version());
  }

  private static Void sleep(java.sql.Connection connection) throws java.sql.SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute("SET LOCAL statement_timeout = 50");
      s.execute("SELECT pg_sleep(5)");
    }
    return null;
  }
}
