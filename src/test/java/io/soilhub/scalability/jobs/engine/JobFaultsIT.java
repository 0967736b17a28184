package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/// Redis and PostgreSQL fail under two replicas; every accepted job must end exactly as it would
/// have without that.
class JobFaultsIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static TestPostgres postgres;

  private final List<TestEngine> engines = new ArrayList<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private TestRedis redis;
  private String url;

  @BeforeAll
  static void startPostgres() {
    postgres = TestPostgres.start();
  }

  @AfterAll
  static void stopPostgres() {
    postgres.close();
  }

  @BeforeEach
  void start() {
    redis = TestRedis.start();
    url = postgres.newDatabase();
    Effects.prepare(url);
    engine("one");
    engine("two");
  }

  @AfterEach
  void close() {
    release.countDown();
    engines.reversed().forEach(TestEngine::close);
    redis.close();
  }

  @Test
  void nothingIsLostWhenRedisIsWiped() {
    List<UUID> ids = submit(600);
    for (int i = 0; i < 3; i++) {
      redis.open().commands().flushAll();
      ids.addAll(submit(200));
    }
    allEndOnce(ids);
  }

  @Test
  void aRunningJobSurvivesAWipeWithoutRunningTwice() throws Exception {
    UUID id = engines.getFirst().jobs().submit(JobRequest.of("hold", Json.object()));
    assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    redis.open().commands().flushAll();
    List<UUID> later = submit(50);
    allEndOnce(later);
    Await.until("longer than the lease", SOON, elapsed(LEASE.plusSeconds(2)));
    release.countDown();
    Job job = engines.getFirst().ended(id, SOON);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.crashes()).isZero();
    assertThat(job.attempt()).isEqualTo(1);
  }

  @Test
  void nothingIsLostWhenRedisIsKilledAndComesBack() {
    List<UUID> ids = submit(600);
    redis.kill();
    ids.addAll(submit(200));
    redis.restart();
    ids.addAll(submit(200));
    allEndOnce(ids);
  }

  @Test
  void nothingIsLostWhenRedisComesBackEmpty() {
    List<UUID> ids = submit(300);
    redis.kill();
    redis.wipe();
    ids.addAll(submit(100));
    redis.restart();
    allEndOnce(ids);
  }

  @Test
  void submissionsAreTakenWhileRedisIsDown() {
    redis.kill();
    long begin = System.nanoTime();
    List<UUID> ids = submit(100);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    assertThat(ids)
        .allSatisfy(
            id ->
                assertThat(engines.getFirst().jobs().get(id).status())
                    .isEqualTo(JobStatus.PENDING));
    redis.restart();
    allEndOnce(ids);
  }

  @Test
  void cutConnectionsAndForgottenScriptsAreNoticedAndMended() {
    List<UUID> ids = submit(400);
    for (int i = 0; i < 20; i++) {
      redis.open().commands().scriptFlush();
      cutAll();
      ids.addAll(submit(20));
      Await.until("a moment", SOON, elapsed(Duration.ofMillis(100)));
    }
    allEndOnce(ids);
  }

  @Test
  void aRestartOfPostgresLosesNothingAndBurnsNoAttempt() {
    List<UUID> ids = submit(500);
    postgres.stop();
    assertThatThrownBy(
            () -> engines.getFirst().jobs().submit(JobRequest.of("count", Json.object())))
        .isInstanceOf(DatabaseUnavailable.class);
    postgres.restart();
    Await.until("submissions again", SOON, () -> ids.addAll(tried(50)));
    allEndOnce(ids);
    assertThat(ids)
        .allSatisfy(id -> assertThat(engines.getFirst().jobs().get(id).attempt()).isEqualTo(1));
  }

  @Test
  void aKilledPostgresLosesNothing() {
    List<UUID> ids = submit(500);
    postgres.kill();
    postgres.restart();
    Await.until("submissions again", SOON, () -> ids.addAll(tried(50)));
    allEndOnce(ids);
  }

  @Test
  void theResultOfARunIsKeptWhilePostgresIsAway() throws Exception {
    UUID id = engines.getFirst().jobs().submit(JobRequest.of("hold", Json.object()));
    assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    postgres.stop();
    release.countDown();
    Await.until("a moment", SOON, elapsed(Duration.ofSeconds(3)));
    for (int i = 0; i < 3; i++) {
      long asked = System.nanoTime();
      assertThatThrownBy(() -> submit(1)).isInstanceOf(DatabaseUnavailable.class);
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(20));
    }
    postgres.restart();
    Await.until("the job", SOON, () -> ended(engines.getFirst(), id));
    Job job = engines.getFirst().jobs().get(id);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.crashes()).isZero();
  }

  private void allEndOnce(List<UUID> ids) {
    TestEngine any = engines.getLast();
    for (UUID id : ids) {
      Await.until(() -> "job " + id, SOON, () -> ended(any, id));
    }
    assertThat(ids)
        .allSatisfy(
            id -> {
              assertThat(any.jobs().get(id).status()).isEqualTo(JobStatus.COMPLETED);
            });
    assertThat(Effects.counted(any.database, ids)).isEqualTo(new Effects.Count(ids.size(), 1));
  }

  private static boolean ended(TestEngine engine, UUID id) {
    try {
      return engine.jobs().await(id, Duration.ofSeconds(5)).join().status().terminal();
    } catch (RuntimeException _) {
      return false;
    }
  }

  private List<UUID> submit(int count) {
    JobRequest request = JobRequest.of("count", Json.object());
    return new ArrayList<>(
        engines.getFirst().jobs().submitAll(Collections.nCopies(count, request), Optional.empty()));
  }

  private List<UUID> tried(int count) {
    try {
      return submit(count);
    } catch (DatabaseUnavailable _) {
      return List.of();
    }
  }

  private void cutAll() {
    try (Jedis connection = new Jedis(redis.url())) {
      connection.clientKill(
          new ClientKillParams().type(ClientType.NORMAL).skipMe(ClientKillParams.SkipMe.YES));
    }
  }

  private static BooleanSupplier elapsed(Duration time) {
    long begin = System.nanoTime();
    return () -> System.nanoTime() - begin > time.toNanos();
  }

  private void engine(String node) {
    List<JobHandler> handlers =
        List.of(
            Handlers.of(
                "count",
                run -> {
                  run.once("count", connection -> Effects.add(connection, run));
                  return Json.object();
                }),
            Handlers.of(
                "hold",
                run -> {
                  begun.countDown();
                  release.await();
                  return Json.object();
                }));
    Map<String, String> variables = Map.of("JOB_LEASE_SECONDS", "" + LEASE.toSeconds());
    engines.add(TestEngine.of(node, url, redis.open(), handlers, variables).start());
  }
}
