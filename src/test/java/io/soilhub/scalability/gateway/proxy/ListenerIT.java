package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// The gateway's own port of a replica in which callers have to prove who they are. The last test
/// stops it.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ListenerIT {

  private static final String KEY = "an-admin-key-that-is-long-enough";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static TestRedis redis;
  private static LibertyReplica replica;
  private static Backend backend;
  private static HttpCalls gateway;

  @BeforeAll
  static void start() {
    redis = TestRedis.start();
    backend = Backend.start();
    Map<String, String> variables = ServiceEnvironment.variables(TestPostgres.shared(), redis);
    variables.putAll(Map.of("AUTH_MODE", "api-key", "ADMIN_API_KEY", KEY));
    variables.put("GATEWAY_ABORT_ON_CLOSE", "true");
    replica = LibertyReplica.start("listener", variables);
    gateway = new HttpCalls(replica.gateway());
    Answer registered =
        replica
            .http()
            .send(
                replica
                    .http()
                    .request(HttpCalls.API + "/instances")
                    .header("X-API-Key", KEY)
                    .header("Content-Type", "application/json")
                    .POST(
                        BodyPublishers.ofString(
                            "{\"instance_id\":\"b\",\"service\":\"b\",\"host\":\"127.0.0.1\",\"port\":%d}"
                                .formatted(backend.port()))));
    assertThat(registered.status()).as(registered.toString()).isEqualTo(201);
  }

  @AfterAll
  static void end() {
    if (replica != null) {
      replica.kill();
    }
    backend.close();
    redis.close();
  }

  @Test
  @Order(1)
  void callersProveWhoTheyAreAndTheProofGoesNoFurther() {
    Answer stranger = gateway.get("/gateway/b/echo");
    assertThat(stranger.status()).isEqualTo(401);
    assertThat(stranger.header("Content-Type").orElse("")).startsWith("application/problem+json");
    Answer known = get("/gateway/b/echo", "known");
    assertThat(known.status()).as(known.toString()).isEqualTo(200);
    assertThat(known.json().at("/headers").has("x-api-key")).isFalse();
    assertThat(known.header("X-Request-Id")).contains("known");
  }

  @Test
  @Order(2)
  void nothingElseOfTheServiceIsThere() {
    assertThat(get("/api/v1/scalability/status", "other").status()).isEqualTo(404);
    assertThat(get("/health/ready", "other").status()).isEqualTo(404);
  }

  @Test
  @Order(3)
  void requestsAreLoggedAndCounted() {
    get("/gateway/b/status/404?q=%22x", "logged");
    Await.until(
        "the line of the request", LIMIT, () -> log().lines().anyMatch(ListenerIT::isTheLine));
    String metrics =
        replica
            .http()
            .send(
                replica
                    .http()
                    .request(HttpCalls.API + "/metrics")
                    .header("X-API-Key", KEY)
                    .header("Accept", "text/plain")
                    .GET())
            .text();
    assertThat(metrics).containsPattern("soilhub_http_requests_total\\{status=\"4xx\"} [1-9]");
  }

  private static boolean isTheLine(String line) {
    return line.matches(
        "127\\.0\\.0\\.1 \\[.+] \"GET /gateway/b/status/404\\?q=%22x HTTP/1\\.1\" 404 8 \\d+"
            + " logged");
  }

  /// The caller takes nothing, so that the answer fills what lies between and stands still.
  @Test
  @Order(4)
  void aCallerWhoDoesNotReadIsLetGoAtTheDeadline() throws IOException {
    policy("{\"deadline_ms\":1500}");
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4096);
      socket.connect(new InetSocketAddress("localhost", replica.gateway().getPort()));
      socket
          .getOutputStream()
          .write(
              ("GET /gateway/b/bytes/100000000 HTTP/1.1\r\nHost: localhost\r\nX-API-Key: "
                      + KEY
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      Await.until("it is under way", LIMIT, () -> active() == 1);
      Await.until("it is let go", LIMIT, () -> active() == 0);
    }
    policy("{\"deadline_ms\":30000}");
  }

  /// Here a caller that closes its side has left. The answer has begun and pauses.
  @Test
  @Order(5)
  void whoClosesHisSideWhileHeWaitsIsGivenUpWhenThatIsSaid() throws IOException {
    try (Socket socket = new Socket("localhost", replica.gateway().getPort())) {
      socket
          .getOutputStream()
          .write(
              ("GET /gateway/b/pause/20000 HTTP/1.1\r\nHost: localhost\r\nX-API-Key: "
                      + KEY
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      Await.until("it is under way", LIMIT, () -> active() == 1);
      socket.shutdownOutput();
      Await.until("it is given up", Duration.ofSeconds(10), () -> active() == 0);
    }
  }

  @Test
  @Order(6)
  void whatIsUnderWayAtAStopComesToItsEnd() throws Exception {
    CompletableFuture<Answer> slow =
        CompletableFuture.supplyAsync(() -> get("/gateway/b/pause/3000", "slow"));
    Await.until("it is under way", LIMIT, () -> active() == 1);
    try (Socket idle = new Socket("localhost", replica.gateway().getPort())) {
      replica.close();
      assertThat(idle.getInputStream().read()).as("who asks for nothing is let go").isEqualTo(-1);
    }
    assertThat(slow.get(30, TimeUnit.SECONDS).text()).isEqualTo("..");
    assertThat(log()).contains("/gateway/b/pause/3000");
  }

  private static Answer get(String path, String requestId) {
    return gateway.send(
        gateway.request(path).header("X-API-Key", KEY).header("X-Request-Id", requestId).GET());
  }

  private static void policy(String json) {
    String path = HttpCalls.API + "/load-balancing/b";
    HttpCalls http = replica.http();
    Answer now = http.send(http.request(path).header("X-API-Key", KEY).GET());
    Answer answer =
        http.send(
            http.request(path)
                .header("X-API-Key", KEY)
                .header("Content-Type", "application/json")
                .header("If-Match", now.header("ETag").orElseThrow())
                .PUT(BodyPublishers.ofString(json)));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
  }

  private static int active() {
    HttpCalls http = replica.http();
    Answer answer =
        http.send(http.request(HttpCalls.API + "/instances/b").header("X-API-Key", KEY).GET());
    return answer.json().at("/active_connections").asInt();
  }

  private static String log() {
    try {
      return Files.readString(replica.directory().resolve("logs/gateway.0.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
