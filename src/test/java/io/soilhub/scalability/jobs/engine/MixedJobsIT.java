package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// One job in a hundred takes longer than claims wait on a replica.
class MixedJobsIT {

  private static final int JOBS = 5000;
  private static final int EACH = 100;
  private static final int LONG_MILLIS = 600;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void longJobsAmongShortOnesMultiplyNoWrites() {
    String url = TestPostgres.shared().newDatabase();
    List<JobHandler> handlers =
        List.of(
            Handlers.of("short", _ -> Json.object()),
            Handlers.of(
                "long",
                run -> {
                  // nothing counts it down: the time of one long job
                  new CountDownLatch(1).await(LONG_MILLIS, TimeUnit.MILLISECONDS);
                  return Json.object();
                }));
    try (TestRedis redis = TestRedis.start();
        TestEngine engine =
            TestEngine.of("one", url, redis.open(), handlers, Map.of("WORKERS_PER_QUEUE", "4"))) {
      for (int i = 0; i < JOBS; i += 1000) {
        engine.jobs().submitAll(requests(i, i + 1000), Optional.empty());
      }
      engine.start();
      Await.until(
          "all ended",
          LIMIT,
          () -> number(engine, "SELECT count(*) FROM job WHERE completed_at IS NULL") == 0);
      assertThat(number(engine, "SELECT count(*) FROM job_event")).isZero();
      // every claim counts the fence up
      assertThat(number(engine, "SELECT sum(fence) FROM job")).isBetween(5000L, 6500L);
    }
  }

  private static List<JobRequest> requests(int from, int to) {
    List<JobRequest> requests = new ArrayList<>();
    for (int i = from; i < to; i++) {
      requests.add(JobRequest.of(i % EACH == EACH - 1 ? "long" : "short", Json.object()));
    }
    return requests;
  }

  private static long number(TestEngine engine, String sql) {
    return engine.database.inTransaction(
        connection -> {
          try (Statement s = connection.createStatement();
              ResultSet row = s.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
          }
        });
  }
}
