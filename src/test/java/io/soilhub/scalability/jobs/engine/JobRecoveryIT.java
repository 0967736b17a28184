package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.testing.Await;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

/// Redis and the journal say different things about a job, or replicas of two versions know
/// different types: every job runs all the same, once, and when it is due.
class JobRecoveryIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String KEYS = "jobs:{" + JobQueue.DATA_PROCESSING.text() + "}:";
  private static final String LAST_WALK = "jobs:reconciled";
  @RegisterExtension static final TestStores STORES = new TestStores();

  private final List<TestEngine> engines = new ArrayList<>();

  @AfterEach
  void close() {
    engines.reversed().forEach(TestEngine::close);
  }

  @Test
  void aJobThatIsTakenTooEarlyStartsWhenItIsDue() {
    TestEngine one = settled(engine("one", 2, "old"));
    UnifiedJedis commands = one.redis.commands();
    // nothing but the engine itself is to bring the job back
    commands.set(LAST_WALK, "1", SetParams.setParams().ex(60));
    UUID id = one.jobs().submit(JobRequest.of("old", Json.object()).withDelaySeconds(5));
    Await.until("in Redis", SOON, () -> commands.zcard(KEYS + "delayed") == 1);
    String member = commands.zrange(KEYS + "delayed", 0, 0).getFirst();
    // as a clock that was set forward makes of it
    commands.zadd(KEYS + "delayed", 1, member);
    Job job = one.ended(id, SOON);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(Duration.between(job.createdAt(), job.startedAt().orElseThrow()))
        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(15));
  }

  @Test
  void jobsOfATypeThatOneOfTwoReplicasKnowsAreRunByThatOne() {
    engine("old", 8, "old");
    TestEngine renewed = engine("new", 2, "old", "new");
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.addAll(submit(renewed, "new", 10));
      ids.addAll(submit(renewed, "old", 10));
    }
    List<Job> jobs = ids.stream().map(id -> renewed.ended(id, SOON)).toList();
    assertThat(jobs)
        .allSatisfy(
            job -> {
              assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
              assertThat(job.attempt()).isEqualTo(1);
              assertThat(job.crashes()).isZero();
            });
  }

  @Test
  void aJobOfATypeThatNobodyKnowsWaitsForAReplicaThatDoesAndHoldsNobodyUp() {
    TestEngine old = engine("old", 2, "old");
    List<UUID> waiting = submit(engine("intake", 0, "old", "new"), "new", 50);
    for (UUID known : submit(old, "old", 50)) {
      assertThat(old.ended(known, SOON).status()).isEqualTo(JobStatus.COMPLETED);
    }
    assertThat(waiting)
        .allSatisfy(
            id -> {
              Job job = old.jobs().get(id);
              assertThat(job.status()).isEqualTo(JobStatus.PENDING);
              assertThat(job.attempt()).isZero();
              assertThat(job.history()).hasSize(1);
            });
    assertThat(old.jobs().cancel(waiting.getFirst())).isEqualTo(JobStatus.CANCELLED);
    TestEngine renewed = engine("new", 2, "old", "new");
    for (UUID id : waiting.subList(1, 50)) {
      assertThat(renewed.ended(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
    }
  }

  @Test
  void theWalkGoesOnAfterTheClockOfRedisWasSetBack() {
    TestEngine one = settled(engine("one", 2, "old"));
    UUID id = one.jobs().submit(JobRequest.of("old", Json.object()).withDelaySeconds(5));
    UnifiedJedis commands = one.redis.commands();
    Await.until("in Redis", SOON, () -> commands.zcard(KEYS + "delayed") == 1);
    String member = commands.zrange(KEYS + "delayed", 0, 0).getFirst();
    // what was written by a clock that was a day ahead
    long day = Duration.ofDays(1).toMillis();
    commands.zincrby(KEYS + "delayed", day, member);
    commands.zincrby(KEYS + "ranked", day, member);
    commands.set(LAST_WALK, "1", SetParams.setParams().px(day));
    assertThat(one.ended(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void theWalkOverTheOpenJobsAddsWhatIsMissing() {
    TestEngine one = engine("one", 2, "old");
    int version = 0;
    one.jobs()
        .queues()
        .limit(
            JobQueue.DATA_PROCESSING,
            new QueueAdmin.Limits(true, Optional.of(7), Optional.empty()),
            version);
    List<UUID> ids = submit(one, "old", 20);
    UUID delayed = one.jobs().submit(JobRequest.of("old", Json.object()).withDelaySeconds(2));
    UnifiedJedis commands = one.redis.commands();
    Await.until("in Redis", SOON, () -> commands.zcard(KEYS + "ready") == 20);
    Await.until("in Redis", SOON, () -> commands.zcard(KEYS + "delayed") == 1);
    // what a replica that died between the journal and Redis had not yet told; while no walk is at
    // it, which would add the jobs to a queue whose limits it had looked at before
    one.database.inTransaction(
        connection -> {
          try (Statement lock = connection.createStatement()) {
            lock.execute("SELECT pg_advisory_xact_lock(hashtextextended('jobs:reconcile', 0))");
          }
          return commands.del(KEYS + "ready", KEYS + "delayed", KEYS + "ranked", KEYS + "limits");
        });
    Await.until("a minute is over", SOON, () -> commands.del(LAST_WALK) == 1);
    Await.until("added", SOON, () -> commands.zcard(KEYS + "ready") >= 20);
    assertThat(commands.hgetAll(KEYS + "limits")).containsEntry("paused", "1");
    assertThat(commands.hgetAll(KEYS + "limits")).containsEntry("max", "7");
    QueueAdmin board = one.jobs().queues();
    long now = board.limits(JobQueue.DATA_PROCESSING).version();
    board.limit(JobQueue.DATA_PROCESSING, new QueueAdmin.Limits(false, null, null), now);
    ids.add(delayed);
    for (UUID id : ids) {
      assertThat(one.ended(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
    }
  }

  private static List<UUID> submit(TestEngine engine, String type, int count) {
    JobRequest request = JobRequest.of(type, Json.object());
    return new ArrayList<>(
        engine.jobs().submitAll(Collections.nCopies(count, request), Optional.empty()));
  }

  /// Waits until the queues were rebuilt at the start and walked over for the first time.
  private static TestEngine settled(TestEngine engine) {
    Await.until("walked", SOON, () -> engine.redis.commands().exists(LAST_WALK));
    UUID id = engine.jobs().submit(JobRequest.of("old", Json.object()));
    assertThat(engine.ended(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
    return engine;
  }

  private TestEngine engine(String node, int workers, String... types) {
    List<JobHandler> handlers = new ArrayList<>();
    for (String type : types) {
      handlers.add(Handlers.of(type, _ -> Json.object()));
    }
    Map<String, String> variables =
        Map.of("JOB_LEASE_SECONDS", "10", "WORKERS_PER_QUEUE", "" + workers);
    engines.add(
        TestEngine.of(node, STORES.url(), STORES.redis().open(), handlers, variables).start());
    return engines.getLast();
  }
}
