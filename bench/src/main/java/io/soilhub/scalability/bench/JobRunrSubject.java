package io.soilhub.scalability.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.soilhub.scalability.platform.postgres.DatabaseSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/// JobRunr's open-source edition on PostgreSQL, with its fastest ways: job requests instead of
/// analysed lambdas, no dashboard, and a poll interval of five seconds, the least that its SQL
/// stores accept. A worker that becomes idle asks for more work by itself.
final class JobRunrSubject implements Subject {

  /// A job as JobRunr stores it.
  public record Request(String payload) implements JobRequest {
    @Override
    public Class<Handler> getJobRequestHandler() {
      return Handler.class;
    }
  }

  /// Runs a job of whichever measure is on.
  public static final class Handler implements JobRequestHandler<Request> {

    private final JobRunrSubject subject;

    Handler(JobRunrSubject subject) {
      this.subject = subject;
    }

    @Override
    public void run(Request request) throws Exception {
      JobPayload job = JobPayload.parsed(request.payload());
      subject.runs.began(job);
      if (job.holdMillis() > 0) {
        SubjectMain.announce(job);
        subject.effect(job);
        Thread.sleep(job.holdMillis());
      }
    }
  }

  private static final Duration SHORTEST_POLL = Duration.ofSeconds(5);

  private final HikariDataSource pool;
  private final PostgresStorageProvider store;
  private final JobRequestScheduler scheduler;
  private volatile Runs runs = new Runs(0);
  private BackgroundJobServer server;

  JobRunrSubject(String databaseUrl) throws SQLException {
    DatabaseSettings settings = DatabaseSettings.of(databaseUrl, 32, Duration.ofSeconds(5));
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(settings.jdbcUrl());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.poolSize());
    config.addDataSourceProperty("reWriteBatchedInserts", true);
    this.pool = new HikariDataSource(config);
    this.store = new PostgresStorageProvider(pool);
    store.setJobMapper(new JobMapper(new JacksonJsonMapper()));
    this.scheduler = new JobRequestScheduler(store);
    execute("CREATE TABLE IF NOT EXISTS jobrunr_bench_effect (number int NOT NULL)");
  }

  @Override
  public void reset() throws SQLException {
    execute("TRUNCATE jobrunr_jobs, jobrunr_bench_effect");
  }

  @Override
  public void submitBulk(List<JobPayload> jobs) {
    scheduler.enqueue(jobs.stream().map(job -> new Request(job.text())));
  }

  @Override
  public void submit(JobPayload job) {
    scheduler.enqueue(new Request(job.text()));
  }

  @Override
  public void work(int slots, Runs runs) {
    this.runs = runs;
    BackgroundJobServerConfiguration configuration =
        BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
            .andPollInterval(SHORTEST_POLL)
            .andWorkerCount(slots)
            .andInterruptJobsAwaitDurationOnStopBackgroundJobServer(Duration.ofSeconds(1));
    server = new BackgroundJobServer(store, new JacksonJsonMapper(), activator(), configuration);
    server.start();
  }

  private JobActivator activator() {
    Handler handler = new Handler(this);
    return new JobActivator() {
      @Override
      public <T> T activateJob(Class<T> type) {
        return type.cast(handler);
      }
    };
  }

  @Override
  public void rest() {
    server.stop();
  }

  @Override
  public int finished() throws SQLException {
    return numbers("SELECT count(*) FROM jobrunr_jobs WHERE state = 'SUCCEEDED'").getFirst();
  }

  @Override
  public List<Integer> effects() throws SQLException {
    return numbers("SELECT number FROM jobrunr_bench_effect");
  }

  @Override
  public void close() {
    store.close();
    pool.close();
  }

  private void effect(JobPayload job) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO jobrunr_bench_effect VALUES (?)")) {
      insert.setInt(1, job.number());
      insert.executeUpdate();
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<Integer> numbers(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<Integer> result = new ArrayList<>();
      while (rows.next()) {
        result.add(rows.getInt(1));
      }
      return result;
    }
  }
}
