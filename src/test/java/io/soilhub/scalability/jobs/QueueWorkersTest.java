package io.soilhub.scalability.jobs;

import static io.soilhub.scalability.tracing.TraceContext.NONE;
import static io.soilhub.scalability.tracing.Tracing.OFF;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.journal.ClaimedJob;
import io.soilhub.scalability.journal.JobArchive;
import io.soilhub.scalability.journal.JobStatus;
import io.soilhub.scalability.journal.Journal;
import io.soilhub.scalability.journal.RetryDelay;
import io.soilhub.scalability.platform.ByteBudget;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.DatabaseSettings;
import io.soilhub.scalability.platform.Json;
import io.soilhub.scalability.platform.Redis;
import io.soilhub.scalability.platform.RedisSettings;
import io.soilhub.scalability.platform.Ticker;
import io.soilhub.scalability.queueing.LeaseTiming;
import io.soilhub.scalability.queueing.RedisQueues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The workers with neither PostgreSQL nor Redis behind them: nothing can be settled.
class QueueWorkersTest {

  private static final ThreadFactory THREADS = Thread.ofPlatform().daemon().factory();
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final CompletableFuture<QueueWorkers> made = new CompletableFuture<>();
  private final CompletableFuture<Boolean> overlooked = new CompletableFuture<>();
  private volatile boolean ran;

  @Test
  void aRunIsNotOverlookedBetweenItsEndAndItsSettlement() throws Exception {
    try (Database database =
            new Database(
                DatabaseSettings.of("postgresql://nobody:none@localhost:1/x", 10, SECOND));
        Redis redis = new Redis(RedisSettings.of("redis://localhost:1", 4, SECOND));
        RedisQueues queues =
            new RedisQueues(redis, List.of("q"), "node", new LeaseTiming(SECOND, SECOND));
        Journal journal = new Journal(database, 3, Set.of("quick"), THREADS)) {
      Settler settler =
          new Settler(journal, new JobWaiting(new JobArchive(database)), new ByteBudget(1));
      Verdict verdict = new Verdict(new RetryDelay(SECOND, SECOND), new SplittableRandom(1));
      Map<String, JobHandler> handlers = Map.of("quick", new Quick());
      var workers =
          new QueueWorkers(
              1,
              handlers,
              journal,
              settler,
              verdict,
              ticker(settler),
              THREADS,
              OFF,
              new ByteBudget(1));
      var leases = queues.all().get("q");
      var wakeUp = queues.wakeUp(leases, THREADS);
      var held = new HeldLeases(leases, workers, Ticker.system());
      settler.to(
          new Dispatcher(leases, queues.incarnation(), held, journal, "node", wakeUp, workers));
      made.complete(workers);
      workers.accept(job());
      workers.start();
      assertThat(overlooked.get(10, TimeUnit.SECONDS)).isFalse();
      workers.close();
      wakeUp.close();
    }
  }

  /// A worker reads the time between a run's end and its settlement.
  private Ticker ticker(Settler settler) {
    return () -> {
      if (ran) {
        overlooked.complete(made.join().idle() && settler.quiet());
      }
      return 0;
    };
  }

  private static ClaimedJob job() {
    return new ClaimedJob(
        UUID.randomUUID(),
        "q",
        "quick",
        1,
        "{}",
        2,
        JobStatus.RUNNING,
        1,
        1,
        1,
        SECOND,
        0,
        0,
        NONE);
  }

  private final class Quick implements JobHandler {

    @Override
    public String jobType() {
      return "quick";
    }

    @Override
    public JobQueue defaultQueue() {
      return JobQueue.RECOMMENDATIONS;
    }

    @Override
    public void validate(ObjectNode payload) {}

    @Override
    public JsonNode run(JobRun run) {
      ran = true;
      return Json.object();
    }
  }
}
