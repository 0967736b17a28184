package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseBusy;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Somebody else holds locks on the journal for longer than a client waits at its socket.
class JobLocksIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final JobQueue QUEUE = JobQueue.DATA_PROCESSING;

  private final TestRedis redis = TestRedis.start();
  private final String url = TestPostgres.shared().newDatabase();
  private final AtomicInteger runs = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Database other = TestPostgres.open(url);
  private TestEngine engine;

  @BeforeEach
  void start() {
    List<JobHandler> handlers =
        List.of(
            Handlers.of(
                "count",
                _ -> {
                  runs.incrementAndGet();
                  return Json.object();
                }),
            Handlers.of(
                "hold",
                _ -> {
                  begun.countDown();
                  release.await();
                  return Json.object();
                }));
    Map<String, String> variables = Map.of("WORKERS_PER_QUEUE", "4");
    engine = TestEngine.of("one", url + "?socketTimeout=3", redis.open(), handlers, variables);
    engine.start();
  }

  @AfterEach
  void close() {
    release.countDown();
    engine.close();
    other.close();
    redis.close();
  }

  @Test
  void aLockOnTheJournalFailsNothingAndRunsNothingTwice() throws Exception {
    UUID held = submit("hold", 1).getFirst();
    assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    pause(true);
    List<UUID> ids = submit("count", 3);
    Await.until("they wait in Redis", SOON, () -> ready() == 3);
    under(
        "LOCK TABLE job IN SHARE MODE",
        () -> {
          release.countDown();
          pause(false);
          assertThatThrownBy(() -> submit("count", 1)).isInstanceOf(DatabaseBusy.class);
        });
    ids.forEach(this::completedAtOnce);
    completedAtOnce(held);
    assertThat(runs).hasValue(3);
  }

  @Test
  void aLockOnOneJobHoldsUpNoOther() throws Exception {
    UUID held = submit("hold", 1).getFirst();
    assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    pause(true);
    List<UUID> ids = submit("count", 3);
    Await.until("they wait in Redis", SOON, () -> ready() == 3);
    UUID locked = ids.get(1);
    under(
        "SELECT FROM job WHERE job_id IN ('%s', '%s') FOR UPDATE".formatted(held, locked),
        () -> {
          release.countDown();
          pause(false);
          completedAtOnce(ids.get(0));
          completedAtOnce(ids.get(2));
          submit("count", 1).forEach(this::completedAtOnce);
        });
    completedAtOnce(held);
    completedAtOnce(locked);
    assertThat(runs).hasValue(4);
  }

  private void completedAtOnce(UUID id) {
    Job job = engine.ended(id, SOON);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.crashes()).isZero();
  }

  private void under(String lock, Runnable work) {
    other.inTransaction(
        connection -> {
          try (Statement s = connection.createStatement()) {
            s.execute(lock);
          }
          work.run();
          return null;
        });
  }

  private long ready() {
    return redis.open().commands().zcard("jobs:{" + QUEUE.text() + "}:ready");
  }

  private List<UUID> submit(String type, int count) {
    JobRequest request = JobRequest.of(type, Json.object());
    return engine.jobs().submitAll(Collections.nCopies(count, request), Optional.empty());
  }

  private void pause(boolean paused) {
    QueueAdmin board = engine.jobs().queues();
    board.limit(QUEUE, new QueueAdmin.Limits(paused, null, null), board.limits(QUEUE).version());
  }
}
