package io.soilhub.scalability.telemetry.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A replica with LOG_FORMAT=json, in which callers have to prove who they are. Its first lines are
/// written before the server has read its configuration.
class LoggingIT {

  private static final String LEVELS = HttpCalls.API + "/logging/levels";
  private static final String KEY = "an-admin-key-that-is-long-enough";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static TestRedis redis;
  private static LibertyReplica replica;

  @BeforeAll
  static void start() {
    redis = TestRedis.start();
    Map<String, String> variables = ServiceEnvironment.variables(TestPostgres.shared(), redis);
    variables.putAll(Map.of("LOG_FORMAT", "json", "AUTH_MODE", "api-key", "ADMIN_API_KEY", KEY));
    replica = LibertyReplica.start("json-log", variables);
  }

  @AfterAll
  static void end() {
    if (replica != null) {
      replica.kill();
    }
    redis.close();
  }

  @Test
  void everyLineIsJsonAndOursSayWhichRequest() throws IOException {
    assertThat(put("req-levels", "{\"levels\":{\"io.soilhub\":\"debug\"}}").status())
        .isEqualTo(200);
    Await.until("the change is logged", LIMIT, () -> wholeLines().contains("req-levels"));
    List<JsonNode> lines =
        wholeLines()
            .lines()
            .dropWhile(line -> !line.startsWith("{"))
            .filter(line -> !line.isBlank())
            .map(Json::parse)
            .toList();
    assertThat(lines)
        .hasSizeGreaterThan(5)
        .allSatisfy(line -> assertThat(line.at("/message").asText()).isNotEmpty())
        .allSatisfy(line -> assertThat(line.at("/time").asText()).startsWith("20"))
        .allSatisfy(line -> assertThat(line.at("/level").asText()).isNotEmpty());
    JsonNode ours =
        lines.stream()
            .filter(line -> line.at("/request_id").asText().equals("req-levels"))
            .findFirst()
            .orElseThrow();
    assertThat(ours.at("/node").asText()).isEqualTo("json-log");
    assertThat(ours.at("/logger").asText()).startsWith("io.soilhub.scalability.");
  }

  @Test
  void levelsAreForAdministrators() {
    assertThat(replica.http().get(LEVELS).status()).isEqualTo(401);
    JsonNode set =
        put("req-1", "{\"levels\":{\"io.soilhub.scalability.jobs.engine\":\"error\"}}").json();
    assertThat(set.at("/levels/io.soilhub.scalability.jobs.engine").asText()).isEqualTo("error");
    assertThat(put("req-2", "{\"levels\":{\"a b\":\"error\"}}").status()).isEqualTo(422);
    assertThat(put("req-3", "{}").status()).isEqualTo(422);
    JsonNode reset = put("req-4", "{\"levels\":{}}").json();
    assertThat(reset.at("/levels").size()).isZero();
    assertThat(reset.at("/node_id").asText()).isEqualTo("json-log");
  }

  /// The last line may still be under way.
  private static String wholeLines() {
    String log = log();
    return log.substring(0, log.lastIndexOf('\n') + 1);
  }

  private static HttpCalls.Answer put(String requestId, String body) {
    HttpCalls http = replica.http();
    return http.send(
        http.request(LEVELS)
            .header("X-API-Key", KEY)
            .header("X-Request-Id", requestId)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body)));
  }

  private static String log() {
    try {
      return Files.readString(replica.directory().resolve("logs/application.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
