package io.soilhub.scalability.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.engine.JobEngine;
import io.soilhub.scalability.jobs.engine.JobHandler;
import io.soilhub.scalability.jobs.engine.JobQueue;
import io.soilhub.scalability.jobs.engine.JobRequest;
import io.soilhub.scalability.jobs.engine.JobRun;
import io.soilhub.scalability.jobs.engine.Jobs;
import io.soilhub.scalability.jobs.engine.JobsSettings;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseSettings;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.redis.RedisSettings;
import io.soilhub.scalability.platform.settings.Settings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Our engine as a library in a plain JVM, with its default settings but for the number of workers.
final class OursSubject implements Subject {

  private static final String TYPE = "no-op";

  private final Database database;
  private final RedisClients redis;
  private final JobEngine intake;
  private volatile Runs runs = new Runs(0);
  private Optional<JobEngine> workers = Optional.empty();

  OursSubject(String databaseUrl, String redisUrl) {
    Settings settings = Settings.from(Map.of("DATABASE_URL", databaseUrl, "REDIS_URL", redisUrl));
    this.database = new Database(DatabaseSettings.from(settings));
    this.redis = new RedisClients(RedisSettings.from(settings));
    database.migrate();
    execute("CREATE TABLE IF NOT EXISTS bench_effect (number int NOT NULL)");
    this.intake = engine(0);
  }

  /// What is left in Redis of a measure that failed is refused by the journal.
  @Override
  public void reset() {
    execute("TRUNCATE job, bench_effect CASCADE");
  }

  @Override
  public void submitBulk(List<JobPayload> payloads) {
    jobs().submitAll(payloads.stream().map(OursSubject::request).toList(), Optional.empty());
  }

  @Override
  public void submit(JobPayload payload) {
    jobs().submit(request(payload));
  }

  @Override
  public void work(int slots, Runs runs) {
    this.runs = runs;
    JobEngine engine = engine(slots);
    engine.start();
    workers = Optional.of(engine);
  }

  @Override
  public void rest() {
    workers.ifPresent(JobEngine::close);
    workers = Optional.empty();
  }

  @Override
  public int finished() {
    return numbers("SELECT count(*) FROM job WHERE status = 'completed'").getFirst();
  }

  @Override
  public List<Integer> effects() {
    return numbers("SELECT number FROM bench_effect");
  }

  @Override
  public void close() {
    rest();
    intake.close();
    redis.close();
    database.close();
  }

  private Jobs jobs() {
    return workers.orElse(intake).jobs();
  }

  private static JobRequest request(JobPayload payload) {
    return JobRequest.of(TYPE, payload.node());
  }

  private JobEngine engine(int slots) {
    Settings settings =
        Settings.from(
            Map.of("WORKERS_PER_QUEUE", "0", "WORKERS_RECOMMENDATIONS", Integer.toString(slots)));
    Random random = new Random();
    return new JobEngine(
        database,
        redis,
        JobsSettings.from(settings),
        "bench",
        List.of(new Handler()),
        new JobEngine.Outside(
            new Uuid7(Clock.systemUTC(), random),
            Ticker.system(),
            random,
            Thread.ofPlatform().name("jobs-", 0).daemon().factory()));
  }

  /// Runs a job of whichever measure is on.
  private final class Handler implements JobHandler {

    @Override
    public String jobType() {
      return TYPE;
    }

    @Override
    public JobQueue defaultQueue() {
      return JobQueue.RECOMMENDATIONS;
    }

    @Override
    public void validate(ObjectNode payload) {
      JobPayload.of(payload);
    }

    @Override
    public JsonNode run(JobRun run) throws Exception {
      JobPayload job = JobPayload.of(run.payload());
      runs.began(job);
      if (job.holdMillis() > 0) {
        SubjectMain.announce(job);
        run.once("effect", connection -> effect(connection, job));
        Thread.sleep(job.holdMillis());
      }
      return Json.object();
    }
  }

  private static Void effect(Connection connection, JobPayload job) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO bench_effect VALUES (?)")) {
      insert.setInt(1, job.number());
      insert.executeUpdate();
      return null;
    }
  }

  private void execute(String sql) {
    database.inTransaction(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
          }
        });
  }

  private List<Integer> numbers(String sql) {
    return database.inTransaction(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            List<Integer> result = new ArrayList<>();
            while (rows.next()) {
              result.add(rows.getInt(1));
            }
            return result;
          }
        });
  }
}
