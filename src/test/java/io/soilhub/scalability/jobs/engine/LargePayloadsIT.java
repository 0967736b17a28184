package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The payloads of the jobs that wait are together twice as large as the heap of the replica that
/// works them off.
class LargePayloadsIT {

  private static final int JOBS = 130;
  private static final int PAYLOAD = 1_000_000;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void waitingPayloadsBeyondTheHeapEndNoReplica() throws Exception {
    String url = TestPostgres.shared().newDatabase();
    Effects.prepare(url);
    List<JobHandler> handlers = List.of(Handlers.of("work", WorkerMain::work));
    Map<String, String> none = Map.of("WORKERS_PER_QUEUE", "0");
    try (TestRedis redis = TestRedis.start();
        TestEngine submitter = TestEngine.of("submitter", url, redis.open(), handlers, none)) {
      submitter.start();
      // short ones first, so that the replica takes many at a time
      for (int i = 0; i < JOBS; i++) {
        ObjectNode payload = Json.object().put("before_ms", 0).put("after_ms", 0);
        submitter.jobs().submit(JobRequest.of("work", payload));
      }
      for (int i = 0; i < JOBS; i++) {
        ObjectNode payload = Json.object().put("before_ms", 0).put("after_ms", 0);
        payload.put("text", "x".repeat(PAYLOAD));
        submitter.jobs().submit(JobRequest.of("work", payload));
      }
      List<String> options = List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError");
      Process replica = WorkerMain.launch("small", url, redis.url(), options);
      try {
        Await.until("all ended", LIMIT, () -> !replica.isAlive() || open(submitter) == 0);
        assertThat(replica.isAlive()).isTrue();
        assertThat(open(submitter)).isZero();
      } finally {
        replica.destroyForcibly();
      }
    }
  }

  private static long open(TestEngine engine) {
    return engine.database.inTransaction(
        connection -> {
          try (Statement s = connection.createStatement();
              ResultSet row =
                  s.executeQuery("SELECT count(*) FROM job WHERE status <> 'completed'")) {
            row.next();
            return row.getLong(1);
          }
        });
  }
}
