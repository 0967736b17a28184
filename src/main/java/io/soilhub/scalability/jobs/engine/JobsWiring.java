package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.journal.QueueMetrics;
import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.Node;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.LeaderElection;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import io.soilhub.scalability.resilience.health.ComponentProbe;
import io.soilhub.scalability.telemetry.metrics.OperationTimer;
import io.soilhub.scalability.telemetry.metrics.Operations;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/// Makes this replica's engine with every handler that the features bring, starts it with the
/// application and stops it before the pools close.
@ApplicationScoped
class JobsWiring {

  private static final Duration START_CHECK = Duration.ofMillis(200);
  private static final Duration COUNT = Duration.ofSeconds(5);

  private final AtomicBoolean started = new AtomicBoolean();
  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  StartupCheck check() {
    return new StartupCheck(JobsSettings.ALL);
  }

  @Produces
  @Singleton
  JobsSettings settings(Settings settings) {
    return JobsSettings.from(settings);
  }

  @Produces
  @Singleton
  JobEngine.Outside outside(
      Uuid7 ids,
      Ticker ticker,
      RandomGenerator random,
      Tracing tracing,
      LeaderElection leaderElection) {
    return new JobEngine.Outside(
        ids,
        ticker,
        random,
        Thread.ofPlatform().daemon().name("job-", 0).factory(),
        tracing,
        leaderElection::isLeader);
  }

  @Produces
  @Singleton
  JobEngine engine(
      Database database,
      RedisClients redis,
      JobsSettings settings,
      Node node,
      @Any Instance<JobHandler> handlers,
      Operations operations,
      Ticker ticker,
      JobEngine.Outside outside) {
    List<JobHandler> all =
        handlers.stream()
            .<JobHandler>map(
                h -> new TimedHandler(h, operations.timer("job." + h.jobType()), ticker))
            .toList();
    return new JobEngine(database, redis, settings, node.id(), all, outside);
  }

  @Produces
  @Singleton
  Jobs jobs(JobEngine engine) {
    return engine.jobs();
  }

  @Produces
  @Singleton
  ComponentProbe processor(
      JobsSettings settings, Jobs jobs, @Named("redis") DependencyMonitor redis) {
    return new ProcessorProbe(
        settings.enabled(), () -> jobs.queues().standings(), redis::available);
  }

  @Produces
  @Singleton
  QueueMetrics families(Jobs jobs, Ticker ticker) {
    return new QueueMetrics(() -> jobs.queues().backlog(), ticker);
  }

  /// Jobs are worked off once the schema is there; until then they can only wait.
  void start(
      @Observes @Priority(Phases.JOBS) Startup event,
      JobsSettings settings,
      JobEngine engine,
      QueueMetrics families,
      @Named("postgresql") DependencyMonitor postgres) {
    if (settings.enabled()) {
      tasks.everyWhile(postgres::available, START_CHECK, "job-start", () -> startOnce(engine));
      tasks.everyWhile(postgres::available, COUNT, "job-families", families::step);
    }
  }

  private void startOnce(JobEngine engine) {
    if (started.compareAndSet(false, true)) {
      engine.start();
    }
  }

  void stop(@Observes @Priority(Phases.STOP - Phases.JOBS) Shutdown event, JobEngine engine) {
    tasks.close();
    engine.close();
  }

  /// The runs of each job type are an operation. One that was stopped has not failed.
  private record TimedHandler(JobHandler handler, OperationTimer timer, Ticker ticker)
      implements JobHandler {

    @Override
    public String jobType() {
      return handler.jobType();
    }

    @Override
    public JobQueue defaultQueue() {
      return handler.defaultQueue();
    }

    @Override
    public void validate(ObjectNode payload) {
      handler.validate(payload);
    }

    @Override
    public JsonNode run(JobRun run) throws Exception {
      long begin = ticker.nanos();
      boolean failed = true;
      try {
        JsonNode result = handler.run(run);
        failed = false;
        return result;
      } catch (JobStopped e) {
        failed = false;
        throw e;
      } finally {
        timer.record(ticker.nanos() - begin, failed);
      }
    }
  }
}
