package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import io.soilhub.scalability.testing.TestPostgres;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;

/// A replica's engine with pools of its own, as plain objects in a test or a main.
final class TestEngine implements AutoCloseable {

  private static final ThreadFactory THREADS =
      Thread.ofPlatform().daemon().name("job-", 0).factory();

  final Database database;
  final RedisClients redis;
  final JobEngine engine;

  private TestEngine(Database database, RedisClients redis, JobEngine engine) {
    this.database = database;
    this.redis = redis;
    this.engine = engine;
  }

  /// @param variables over quick defaults for tests
  static TestEngine of(
      String node,
      String databaseUrl,
      RedisClients redis,
      Collection<JobHandler> handlers,
      Map<String, String> variables) {
    return of(node, databaseUrl, redis, handlers, variables, Tracing.OFF);
  }

  static TestEngine of(
      String node,
      String databaseUrl,
      RedisClients redis,
      Collection<JobHandler> handlers,
      Map<String, String> variables,
      Tracing tracing) {
    Map<String, String> all = new HashMap<>();
    all.put("JOB_LEASE_SECONDS", "4");
    all.put("JOB_RETRY_BASE_MS", "100");
    all.put("JOB_RETRY_MAX_SECONDS", "1");
    all.put("SHUTDOWN_GRACE_SECONDS", "2");
    all.putAll(variables);
    Database database = TestPostgres.open(databaseUrl);
    database.migrate();
    JobEngine.Outside outside =
        new JobEngine.Outside(
            new Uuid7(Clock.systemUTC(), new java.security.SecureRandom()),
            Ticker.system(),
            new SplittableRandom(),
            THREADS,
            tracing);
    JobsSettings settings = JobsSettings.from(Settings.from(all));
    return new TestEngine(
        database, redis, new JobEngine(database, redis, settings, node, handlers, outside));
  }

  TestEngine start() {
    engine.start();
    return this;
  }

  Jobs jobs() {
    return engine.jobs();
  }

  /// The states that a job went through.
  static List<JobStatus> states(Job job) {
    return job.history().stream().map(Job.Step::status).toList();
  }

  /// Waits for the end of a job.
  Job ended(java.util.UUID jobId, Duration limit) {
    Job job = jobs().await(jobId, limit).join();
    if (!job.status().terminal()) {
      throw new AssertionError("not ended within %s: %s".formatted(limit, job));
    }
    return job;
  }

  @Override
  public void close() {
    engine.close();
    redis.close();
    database.close();
  }
}
