package io.soilhub.scalability.jobs.engine;

import static io.soilhub.scalability.telemetry.tracing.TraceContext.NONE;
import static io.soilhub.scalability.telemetry.tracing.Tracing.OFF;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.journal.ClaimedJob;
import io.soilhub.scalability.jobs.journal.JobRepository;
import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.jobs.journal.Journal;
import io.soilhub.scalability.jobs.journal.RetryDelay;
import io.soilhub.scalability.jobs.queue.LeaseTiming;
import io.soilhub.scalability.jobs.queue.RedisQueues;
import io.soilhub.scalability.platform.core.ByteBudget;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseSettings;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.redis.RedisSettings;
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
        RedisClients redis = new RedisClients(RedisSettings.of("redis://localhost:1", 4, SECOND));
        RedisQueues queues =
            new RedisQueues(redis, List.of("q"), "node", new LeaseTiming(SECOND, SECOND));
        Journal journal = new Journal(database, 3, Set.of("quick"), THREADS)) {
      CompletionWriter completionWriter =
          new CompletionWriter(
              journal, new CompletionWaiters(new JobRepository(database)), new ByteBudget(1));
      CompletionPolicy completionPolicy =
          new CompletionPolicy(new RetryDelay(SECOND, SECOND), new SplittableRandom(1));
      Map<String, JobHandler> handlers = Map.of("quick", new Quick());
      var workers =
          new QueueWorkers(
              1,
              handlers,
              journal,
              completionWriter,
              completionPolicy,
              ticker(completionWriter),
              THREADS,
              OFF,
              new ByteBudget(1));
      var leases = queues.all().get("q");
      var workSignal = queues.workSignal(leases, THREADS);
      var held = new HeldLeases(leases, workers, Ticker.system());
      completionWriter.to(
          new Dispatcher(leases, queues.redisRunId(), held, journal, "node", workSignal, workers));
      made.complete(workers);
      workers.accept(job());
      workers.start();
      assertThat(overlooked.get(10, TimeUnit.SECONDS)).isFalse();
      workers.close();
      workSignal.close();
    }
  }

  /// A worker reads the time between a run's end and its settlement.
  private Ticker ticker(CompletionWriter completionWriter) {
    return () -> {
      if (ran) {
        overlooked.complete(made.join().idle() && completionWriter.quiet());
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
