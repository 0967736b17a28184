package io.soilhub.scalability.service;

import static io.soilhub.scalability.testing.HttpCalls.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What a client sees while PostgreSQL or Redis is away, from the start of the replica on.
class DependencyLossIT {

  private static final Duration LONG = Duration.ofSeconds(120);
  private static final String CORN = "{\"crop_id\":\"corn\",\"latitude\":40.0,\"longitude\":-95.0}";

  @Test
  void theServiceOutlivesWhatItDependsOn() {
    try (TestPostgres postgres = TestPostgres.start();
        TestRedis redis = TestRedis.start()) {
      Map<String, String> variables = ServiceEnvironment.variables(postgres, redis);
      postgres.stop();
      try (LibertyReplica replica = LibertyReplica.launch("alone", variables)) {
        HttpCalls http = replica.http();
        replica.awaitStatus("/health/live", 200, LONG);
        replica.awaitStatus("/health/ready", 503, LONG);
        assertRefusedForNow(http);

        postgres.restart();
        replica.awaitStatus("/health/ready", 200, LONG);
        assertDone(http, submit(http));

        redis.kill();
        Answer accepted = submit(http);
        assertThat(http.get("/health/ready").status()).isEqualTo(200);
        redis.restart();
        assertDone(http, accepted);

        postgres.kill();
        replica.awaitStatus("/health/ready", 503, LONG);
        assertThat(http.get("/health/live").status()).isEqualTo(200);
        assertRefusedForNow(http);
        postgres.restart();
        replica.awaitStatus("/health/ready", 200, LONG);
        assertDone(http, submit(http));
      }
    }
  }

  /// What is refused for now is sent again, as its Retry-After says: a connection of the pool may
  /// be found dead after the service was ready.
  private static Answer submit(HttpCalls http) {
    AtomicReference<Answer> answer = new AtomicReference<>();
    Await.until(
        () -> "accepted: " + answer.get(),
        LONG,
        () -> {
          answer.set(http.post(API + "/variety-recommendations", CORN));
          return answer.get().status() != 503;
        });
    assertThat(answer.get().status()).as(answer.toString()).isEqualTo(202);
    return answer.get();
  }

  private static void assertDone(HttpCalls http, Answer submitted) {
    String id = submitted.json().path("job_id").asText();
    String path = API + "/jobs/" + id + "?wait_seconds=5";
    Await.until(
        "job " + id + " completed",
        LONG,
        () -> http.get(path).json().path("status").asText().equals("completed"));
  }

  private static void assertRefusedForNow(HttpCalls http) {
    Answer answer = http.post(API + "/variety-recommendations", CORN);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isPresent();
    assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
  }
}
