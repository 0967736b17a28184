package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.redis.RedisSettings;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.FaultProxy;
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
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Redis or PostgreSQL cannot be reached for longer than a lease, and both lose nothing: what runs
/// runs on, and what waits keeps its order.
class JobOutageIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final int RUNNING = 12;

  private final List<TestEngine> engines = new ArrayList<>();
  private final List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch during = new CountDownLatch(1);
  private final CountDownLatch afterwards = new CountDownLatch(1);
  private TestRedis redis;
  private FaultProxy network;

  @BeforeEach
  void start() {
    redis = TestRedis.start();
    network = FaultProxy.before(redis.port());
  }

  @AfterEach
  void close() {
    during.countDown();
    afterwards.countDown();
    engines.reversed().forEach(TestEngine::close);
    network.close();
    redis.close();
  }

  @Test
  void runningJobsGoOnAndFinishWhileRedisRefusesConnections() {
    goesOnAndFinishes(network::refuse, network::pass);
  }

  @Test
  void runningJobsGoOnAndFinishWhileRedisStandsStill() {
    goesOnAndFinishes(redis::suspend, redis::resume);
  }

  @Test
  void anOutageOfPostgresDoesNotChangeTheOrder() {
    try (TestPostgres postgres = TestPostgres.start()) {
      TestEngine one = engine("one", postgres.newDatabase(), 1);
      List<UUID> ids =
          one.jobs()
              .submitAll(
                  IntStream.range(0, 200).mapToObj(i -> request("brief", i)).toList(),
                  Optional.empty());
      Await.until("some ran", SOON, () -> ran.size() > 20);
      postgres.stop();
      Await.until("many tries", SOON, elapsed(Duration.ofSeconds(4)));
      postgres.restart();
      Await.until("the last one", SOON, () -> ran.contains(199) && ended(one, ids.getLast()));
      assertThat(List.copyOf(ran).stream().distinct()).isSorted().hasSize(200);
      engines.removeLast().close();
    }
  }

  private void goesOnAndFinishes(Runnable fault, Runnable end) {
    String url = TestPostgres.shared().newDatabase();
    TestEngine one = engine("one", url, RUNNING / 2);
    TestEngine two = engine("two", url, RUNNING / 2);
    List<JobRequest> requests =
        IntStream.range(0, RUNNING).mapToObj(i -> request("hold", i)).toList();
    List<UUID> ids = one.jobs().submitAll(requests, Optional.empty());
    Await.until("all run", SOON, () -> ran.size() == RUNNING);
    fault.run();
    during.countDown();
    // the even ones
    ids.stream().filter(id -> ids.indexOf(id) % 2 == 0).forEach(id -> two.ended(id, SOON));
    Await.until("longer than a lease", SOON, elapsed(LEASE.multipliedBy(2)));
    end.run();
    Await.until("longer than a lease again", SOON, elapsed(LEASE.multipliedBy(2)));
    afterwards.countDown();
    List<Job> jobs = ids.stream().map(id -> one.ended(id, SOON)).toList();
    assertThat(jobs)
        .allSatisfy(
            job -> {
              assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
              assertThat(job.crashes()).isZero();
              assertThat(job.attempt()).isEqualTo(1);
            });
    assertThat(ran).as("calls of the handlers").hasSize(RUNNING);
    UUID next = two.jobs().submit(request("brief", 100));
    assertThat(one.ended(next, SOON).status()).isEqualTo(JobStatus.COMPLETED);
  }

  private static boolean ended(TestEngine engine, UUID id) {
    return engine.jobs().get(id).status().terminal();
  }

  private static BooleanSupplier elapsed(Duration time) {
    long begin = System.nanoTime();
    return () -> System.nanoTime() - begin > time.toNanos();
  }

  private static JobRequest request(String type, int number) {
    return JobRequest.of(type, Json.object().put("number", number));
  }

  private TestEngine engine(String node, String url, int workers) {
    RedisClients client =
        new RedisClients(
            RedisSettings.of("redis://localhost:" + network.port(), 16, Duration.ofSeconds(1)));
    Map<String, String> variables =
        Map.of(
            "JOB_LEASE_SECONDS", "" + LEASE.toSeconds(),
            "WORKERS_PER_QUEUE", "0",
            "WORKERS_DATA_PROCESSING", "" + workers);
    List<JobHandler> handlers =
        List.of(Handlers.of("hold", this::hold), Handlers.of("brief", this::brief));
    engines.add(TestEngine.of(node, url, client, handlers, variables).start());
    return engines.getLast();
  }

  private JsonNode hold(JobRun run) throws InterruptedException {
    int number = run.payload().path("number").asInt();
    ran.add(number);
    (number % 2 == 0 ? during : afterwards).await();
    return Json.object();
  }

  private JsonNode brief(JobRun run) throws InterruptedException {
    ran.add(run.payload().path("number").asInt());
    Thread.sleep(10);
    return Json.object();
  }
}
