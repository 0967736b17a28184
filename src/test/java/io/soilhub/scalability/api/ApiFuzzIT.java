package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.RawHttp;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whatever is sent, what comes back is an answer of this API: never a 500, always a problem, and
/// no stack trace in the log. The requests are made of the OpenAPI document, so that a new
/// operation is tried as soon as it is there. The replica is its own, because requests that happen
/// to be good pause queues, revoke keys and replace the rules of alerts.
class ApiFuzzIT {

  private static final long SEED = 20_261_130L;

  /// The server refuses such a path before any application sees it, with a page of its own: one
  /// that cannot be decoded, that has a control character, or dots that lead above the root.
  private static final Pattern UNDECODABLE =
      Pattern.compile(
          "[^? ]*(%(?![0-9A-Fa-f]{2})|%[01][0-9A-Fa-f]|%7[Ff]|[\\x00-\\x1f\\x7f]|/\\.\\.|/;|/\\.;).*",
          Pattern.DOTALL);

  private static TestRedis redis;
  private static LibertyReplica replica;

  @BeforeAll
  static void start() {
    redis = TestRedis.start();
    replica =
        LibertyReplica.start("fuzzed", ServiceEnvironment.variables(TestPostgres.shared(), redis));
  }

  @AfterAll
  static void end() {
    if (replica != null) {
      replica.kill();
    }
    redis.close();
  }

  @Test
  void everyAnswerIsOneOfTheApi() {
    fuzz(1_500, SEED);
  }

  @Test
  @Tag("drill")
  void soItStaysForLong() {
    fuzz(10_000, SEED + 1);
  }

  private static void fuzz(int count, long seed) {
    FuzzedRequests requests = new FuzzedRequests(document(), seed);
    assertThat(requests.operations()).isGreaterThan(40);
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      check(replica.uri(), requests.next(), faults);
      if (i % 10 == 0) {
        check(replica.uri(), requests.below("/gateway/nobody"), faults);
        check(replica.gateway(), requests.below("/gateway/nobody"), faults);
        check(replica.gateway(), requests.below(HttpCalls.API), faults);
        check(replica.uri(), requests.below(HttpCalls.API), faults);
      }
    }
    assertThat(faults).as("of seed %d", seed).isEmpty();
    assertThat(replica.console().lines().filter(line -> line.startsWith("[ERROR"))).isEmpty();
  }

  private static void check(URI server, FuzzedRequests.Request request, List<String> faults) {
    RawHttp.Answer answer = new RawHttp(server).send(request.text());
    String fault = fault(request, answer);
    if (!fault.isEmpty()) {
      String text = request.text();
      faults.add(
          "%s: %s%n%s%n--%n%s%n%s"
              .formatted(
                  fault,
                  request.operation(),
                  text.substring(0, Math.min(text.length(), 600)),
                  answer.head(),
                  answer.body().substring(0, Math.min(answer.body().length(), 300))));
    }
  }

  /// What is wrong with an answer; empty for nothing.
  private static String fault(FuzzedRequests.Request request, RawHttp.Answer answer) {
    int status = answer.status();
    if (status < 200 || (status >= 500 && status != 503 && status != 501)) {
      return "status " + status;
    }
    if (status < 400) {
      return "";
    }
    String target = request.text().substring(request.method().length() + 1);
    boolean byServer = answer.field("X-Request-Id").isEmpty();
    if (status == 400 && byServer && UNDECODABLE.matcher(target).matches()) {
      return "";
    }
    String type = answer.field("Content-Type").orElse("none");
    if (!type.startsWith("application/problem+json")) {
      return "type " + type;
    }
    if (answer.field("X-Request-Id").isEmpty()) {
      return "no id";
    }
    if (answer.body().contains("\"instance\":\"-\"")) {
      return ""; // so bad a head that its method was not read; the connection ends
    }
    boolean empty = answer.body().isEmpty();
    return empty == request.method().equalsIgnoreCase("HEAD") ? "" : "body of another method";
  }

  /// Without what would silence the log that is looked at below.
  private static JsonNode document() {
    HttpCalls http = replica.http();
    JsonNode document =
        Json.parse(http.send(http.request("/openapi").header("Accept", "application/json")).text());
    ((ObjectNode) document.at("/paths/~1api~1v1~1scalability~1logging~1levels")).remove("put");
    return document;
  }
}
