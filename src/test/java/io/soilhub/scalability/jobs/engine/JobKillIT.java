package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.jobs.journal.JobRepository;
import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.platform.core.Json;
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
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Replicas in processes of their own are killed and stopped under load.
class JobKillIT {

  private static final Duration LIMIT = Duration.ofSeconds(120);

  /// The promise of the product with its lease of 10 s; the tests' lease is 4 s.
  private static final Duration RECOVERY = Duration.ofSeconds(15);

  private final List<Process> replicas = new ArrayList<>();
  private TestRedis redis;
  private String url;
  private TestEngine submitter;

  @BeforeEach
  void start() {
    redis = TestRedis.start();
    url = TestPostgres.shared().newDatabase();
    Effects.prepare(url);
    List<JobHandler> handlers = List.of(Handlers.of("work", WorkerMain::work));
    Map<String, String> none = Map.of("WORKERS_PER_QUEUE", "0");
    submitter = TestEngine.of("submitter", url, redis.open(), handlers, none).start();
  }

  @AfterEach
  void close() {
    replicas.forEach(Process::destroyForcibly);
    submitter.close();
    redis.close();
  }

  @Test
  void twoThousandJobsSurviveTheKillsOfTheirReplicas() throws Exception {
    launch("victim-1");
    launch("survivor-1");
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ids.addAll(submit(500, work(0, 5)));
    }
    Await.until("some ended", LIMIT, () -> ended(ids) > 200);
    replicas.get(0).destroyForcibly().waitFor();
    launch("victim-2");
    Await.until("half ended", LIMIT, () -> ended(ids) > 1000);
    replicas.get(2).destroyForcibly().waitFor();
    Await.until("all ended", LIMIT, () -> ended(ids) == ids.size());
    assertThat(ids)
        .allSatisfy(
            id -> assertThat(submitter.jobs().get(id).status()).isEqualTo(JobStatus.COMPLETED));
    assertThat(Effects.counted(submitter.database, ids)).isEqualTo(new Effects.Count(2000, 1));
  }

  @Test
  void theJobOfAKilledReplicaRunsElsewhereWithinFifteenSeconds() throws Exception {
    List<String> nodes = List.of("one", "other");
    for (String node : nodes) {
      launch(node);
    }
    UUID id = submit(1, work(0, 5000)).getFirst();
    Await.until("runs", LIMIT, () -> submitter.jobs().get(id).status() == JobStatus.RUNNING);
    String victim = submitter.jobs().get(id).worker().orElseThrow();
    replicas.get(nodes.indexOf(victim)).destroyForcibly().waitFor();
    long killed = System.nanoTime();
    Await.until(
        "runs again",
        RECOVERY,
        () -> !submitter.jobs().get(id).worker().orElse(victim).equals(victim));
    assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(RECOVERY);
    Job job = submitter.ended(id, LIMIT);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.crashes()).isEqualTo(1);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(TestEngine.states(job))
        .containsExactly(
            JobStatus.PENDING,
            JobStatus.RUNNING,
            JobStatus.PENDING,
            JobStatus.RUNNING,
            JobStatus.COMPLETED);
    assertThat(Effects.counted(submitter.database, List.of(id))).isEqualTo(new Effects.Count(1, 1));
  }

  @Test
  void aReplicaThatWasStoppedBeyondItsLeaseCannotWrite() throws Exception {
    launch("sleeper");
    UUID id = submit(1, work(3000, 3000)).getFirst();
    Await.until("runs", LIMIT, () -> submitter.jobs().get(id).status() == JobStatus.RUNNING);
    WorkerMain.signal(replicas.get(0), "STOP");
    launch("other");
    Job job = submitter.ended(id, LIMIT);
    assertThat(job.worker()).contains("other");
    WorkerMain.signal(replicas.get(0), "CONT");
    Await.until("the sleeper had its time", LIMIT, elapsed(Duration.ofSeconds(4)));
    Job after = submitter.jobs().get(id);
    assertThat(after).isEqualTo(job);
    assertThat(after.result().orElseThrow().path("fence").asLong()).isEqualTo(2);
    assertThat(Effects.counted(submitter.database, List.of(id))).isEqualTo(new Effects.Count(1, 1));
  }

  @Test
  void aJobThatKillsItsWorkersEndsAsACrashLoop() throws Exception {
    UUID id = submit(1, work(60_000, 0)).getFirst();
    for (int i = 0; i < 4; i++) {
      int round = i;
      launch("crasher-" + i);
      Await.until(
          "runs on crasher " + i,
          LIMIT,
          () -> submitter.jobs().get(id).worker().filter(("crasher-" + round)::equals).isPresent());
      replicas.getLast().destroyForcibly().waitFor();
    }
    launch("last");
    Job job = submitter.ended(id, LIMIT);
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.error().orElseThrow().type()).isEqualTo("CRASH_LOOP");
    assertThat(job.attempt()).isEqualTo(1);
  }

  private void launch(String node) throws Exception {
    replicas.add(WorkerMain.launch(node, url, redis.url()));
  }

  private List<UUID> submit(int count, JobRequest request) {
    return submitter.jobs().submitAll(Collections.nCopies(count, request), Optional.empty());
  }

  private static JobRequest work(int beforeMs, int afterMs) {
    return JobRequest.of("work", Json.object().put("before_ms", beforeMs).put("after_ms", afterMs));
  }

  private long ended(List<UUID> ids) {
    return new JobRepository(submitter.database).ended(ids).size();
  }

  private static BooleanSupplier elapsed(Duration time) {
    long begin = System.nanoTime();
    return () -> System.nanoTime() - begin > time.toNanos();
  }
}
