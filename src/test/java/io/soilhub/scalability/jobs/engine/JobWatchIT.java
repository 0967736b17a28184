package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.jobs.journal.JobRepository;
import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a replica and its callers see of running jobs while somebody holds rows of the journal.
class JobWatchIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  @RegisterExtension static final TestStores STORES = new TestStores();

  private final Semaphore begun = new Semaphore(0);
  private final CountDownLatch release = new CountDownLatch(1);
  private TestEngine engine;

  @BeforeEach
  void prepare() {
    engine =
        TestEngine.of(
            "one",
            STORES.url(),
            STORES.redis().open(),
            List.of(Handlers.of("hold", this::hold), Handlers.of("brief", JobRun::payload)),
            Map.of("JOB_LEASE_SECONDS", "10", "WORKERS_PER_QUEUE", "4"));
  }

  @AfterEach
  void close() {
    release.countDown();
    engine.close();
  }

  @Test
  void aRowThatSomebodyHoldsKeepsNoOtherJobFromBeingCancelled() {
    engine.start();
    UUID held = running();
    UUID other = running();
    whileHeld("SELECT FROM job WHERE job_id = '%s' FOR UPDATE".formatted(held), () -> stops(other));
    release.countDown();
    assertThat(engine.ended(held, SOON).status()).isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void whoCancelsAJobWhoseRowIsHeldIsToldSoon() {
    UUID id = engine.jobs().submit(JobRequest.of("brief", Json.object()).withDelaySeconds(60));
    whileHeld(
        "SELECT FROM job WHERE job_id = '%s' FOR UPDATE".formatted(id),
        () ->
            assertThatThrownBy(() -> engine.jobs().cancel(id))
                .isInstanceOfSatisfying(
                    Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.UNAVAILABLE)));
    assertThat(engine.jobs().cancel(id)).isEqualTo(JobStatus.CANCELLED);
  }

  @Test
  void totalsThatCannotBeWrittenYetKeepNoJobFromBeingCancelled() {
    engine.start();
    UUID job = running();
    whileHeld(
        "LOCK TABLE queue_minute",
        () -> {
          engine.ended(engine.jobs().submit(JobRequest.of("brief", Json.object())), SOON);
          stops(job);
        });
    Await.until("the total is written", SOON, () -> completed() == 1);
  }

  @Test
  void aJobThatNobodyWaitsForIsReadOnceAndByItsCaller() {
    UUID id = engine.jobs().submit(JobRequest.of("brief", Json.object()).withDelaySeconds(60));
    Queue<Thread> readers = new ConcurrentLinkedQueue<>();
    engine.database.listen((_, _) -> readers.add(Thread.currentThread()));
    assertThat(engine.jobs().await(id, Duration.ZERO).join().jobId()).isEqualTo(id);
    assertThat(readers).containsExactly(Thread.currentThread());

    assertThat(engine.jobs().await(id, Duration.ofMillis(50)).join().jobId()).isEqualTo(id);
    assertThat(readers).noneMatch(ForkJoinWorkerThread.class::isInstance);
  }

  private void whileHeld(String lock, Runnable work) {
    try (Database elsewhere = TestPostgres.open(STORES.url())) {
      elsewhere.inTransaction(
          connection -> {
            try (Statement statement = connection.createStatement()) {
              statement.execute(lock);
            }
            work.run();
            return null;
          });
    }
  }

  /// Cancels as another replica does: the one that runs the job learns of it from the journal
  /// alone.
  private void stops(UUID job) {
    assertThat(new JobRepository(engine.database).cancel(job)).isPresent();
    assertThat(engine.jobs().await(job, Duration.ofSeconds(5)).join().status())
        .isEqualTo(JobStatus.CANCELLED);
  }

  private long completed() {
    return engine.database.inTransaction(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row =
                  statement.executeQuery("SELECT coalesce(sum(completed), 0) FROM queue_minute")) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  private UUID running() {
    UUID id = engine.jobs().submit(JobRequest.of("hold", Json.object()));
    try {
      assertThat(begun.tryAcquire(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return id;
  }

  private JsonNode hold(JobRun run) throws InterruptedException {
    begun.release();
    for (int percent = 1; !release.await(100, TimeUnit.MILLISECONDS); percent++) {
      run.progress(percent % 100);
    }
    return Json.object();
  }
}
