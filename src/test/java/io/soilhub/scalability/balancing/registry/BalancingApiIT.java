package io.soilhub.scalability.balancing.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.ServiceEnvironment;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The registry and the policies as callers of the REST API see them.
class BalancingApiIT {

  private static final String INSTANCES = HttpCalls.API + "/instances";
  private static HttpCalls http;

  @BeforeAll
  static void server() {
    http = ServiceEnvironment.http();
  }

  @Test
  void anInstanceIsRegisteredOnceShownAndRemoved() {
    String body =
        "{\"instance_id\":\"api-1\",\"host\":\"localhost\",\"port\":1,\"service\":\"api\"}";
    Answer first = http.post(INSTANCES, body);
    assertThat(first.status()).isEqualTo(201);
    assertThat(first.header("Location").orElseThrow()).endsWith("/instances/api-1");
    assertThat(first.json().at("/status").asText()).isEqualTo("success");
    assertThat(first.json().at("/instance/health_endpoint").asText()).isEqualTo("/health");
    assertThat(http.post(INSTANCES, body).status()).isEqualTo(200);
    Answer other = http.post(INSTANCES, body.replace("\"port\":1", "\"port\":2"));
    assertThat(other.status()).isEqualTo(409);
    JsonNode shown = http.get(INSTANCES + "/api-1").json();
    assertThat(shown.at("/weight").asInt()).isEqualTo(1);
    assertThat(shown.at("/requests").asLong()).isZero();
    assertThat(shown.at("/health").asText()).isIn("unknown", "unhealthy");
    assertThat(http.get(INSTANCES + "?service=api").json().at("/items")).hasSize(1);
    assertThat(http.get(INSTANCES + "?service=nobody").json().at("/items")).isEmpty();
    Answer drained = http.delete(INSTANCES + "/api-1?drain_seconds=60");
    assertThat(drained.json().at("/status").asText()).isEqualTo("success");
    assertThat(http.get(INSTANCES + "/api-1").json().at("/health").asText()).isEqualTo("draining");
    assertThat(http.delete(INSTANCES + "/api-1?drain_seconds=0").status()).isEqualTo(200);
    assertThat(http.get(INSTANCES + "/api-1").status()).isEqualTo(404);
    assertThat(http.delete(INSTANCES + "/api-1").status()).isEqualTo(404);
    assertThat(http.delete(INSTANCES + "/api-1?drain_seconds=-1").status()).isEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                                                | 422 | /instance_id",
        "{\"instance_id\":\"x\",\"host\":\"localhost\"}                    | 422 | /port",
        "{\"instance_id\":\"x\",\"host\":\"localhost\",\"port\":0}         | 422 | /port",
        "{\"instance_id\":\"x\",\"host\":\"localhost\",\"port\":\"1\"}     | 400 | /port",
        "{\"instance_id\":\"x\",\"host\":\"my host\",\"port\":1}           | 422 | /host",
        "{\"instance_id\":\"x\",\"host\":\"no.such.invalid\",\"port\":1}   | 422 | /host",
        "{\"instance_id\":\"x\",\"host\":\"169.254.169.254\",\"port\":1}   | 422 | /host",
        "{\"instance_id\":\"x\",\"host\":\"8.8.8.8\",\"port\":1}           | 422 | /host",
        "{\"instance_id\":\"x\",\"host\":\"localhost\",\"port\":1,\"weight\":0} | 422 | /weight",
        "{\"instance_id\":\"x\",\"host\":\"localhost\",\"port\":1,\"nope\":0}   | 422 | /nope",
      })
  void badInstancesAreNamed(String body, int status, String pointer) {
    Answer answer = http.post(INSTANCES, body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo(pointer);
  }

  @Test
  void aPolicyIsReplacedByWhoKnowsItAndChoicesAreExplained() {
    String path = HttpCalls.API + "/load-balancing/ruled";
    assertThat(http.get(path).status()).isEqualTo(404);
    assertThat(http.post(path + "/choose", "{}").status()).isEqualTo(404);
    for (int i = 1; i <= 3; i++) {
      String body =
          "{\"instance_id\":\"ruled-%d\",\"host\":\"localhost\",\"port\":%d,\"service\":\"ruled\"}";
      assertThat(http.post(INSTANCES, body.formatted(i, i)).status()).isEqualTo(201);
    }
    Answer initial = http.get(path);
    assertThat(initial.json().at("/strategy").asText()).isEqualTo("least_response_time");
    String wanted = "{\"strategy\":\"consistent_hash\",\"hash_on\":\"X-User\"}";
    assertThat(http.put(path, wanted).status()).isEqualTo(428);
    assertThat(put(path, "{\"strategy\":\"best\"}", initial).status()).isEqualTo(422);
    assertThat(put(path, "{\"panic_threshold\":2}", initial).status()).isEqualTo(422);
    Answer changed = put(path, wanted, initial);
    assertThat(changed.json().at("/hash_on").asText()).isEqualTo("X-User");
    assertThat(put(path, wanted, initial).status()).isEqualTo(412);
    assertThat(put(path, wanted, changed).status()).isEqualTo(200);
    Answer choice = http.post(path + "/choose", "{\"key\":\"user-7\"}");
    if (choice.status() == 200) {
      JsonNode told = choice.json();
      assertThat(told.at("/strategy").asText()).isEqualTo("consistent_hash");
      assertThat(told.at("/reason").asText()).contains("belongs to");
      assertThat(told.at("/candidates")).hasSize(3);
      assertThat(told.at("/instance_id").asText()).startsWith("ruled-");
    } else {
      // Nobody listens there, and the probes may have found that out by now.
      assertThat(choice.status()).isEqualTo(503);
      assertThat(choice.json().at("/type").asText()).endsWith("no-healthy-instance");
    }
    JsonNode manager =
        http.get(HttpCalls.API + "/status").json().at("/components/scalability_manager");
    assertThat(manager.has("instances")).isTrue();
    assertThat(manager.has("healthy_instances")).isTrue();
  }

  private static Answer put(String path, String json, Answer seen) {
    return http.send(
        http.request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", seen.header("ETag").orElseThrow())
            .PUT(BodyPublishers.ofString(json)));
  }
}
