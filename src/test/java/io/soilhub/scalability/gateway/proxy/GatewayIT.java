package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.ServiceEnvironment;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Real requests through a real replica to real backends, by either way in.
@ParameterizedClass
@EnumSource(Front.class)
class GatewayIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final List<AutoCloseable> OPEN = new ArrayList<>();
  private static HttpCalls http;
  private static Backend echo;

  private final Front front;
  private final HttpCalls gateway;

  GatewayIT(Front front) {
    this.front = front;
    this.gateway = front.calls();
  }

  private String own(String service) {
    return front.own(service);
  }

  static void connect() {
    http = ServiceEnvironment.http();
  }

  @BeforeAll
  static void start() {
    connect();
    echo = Backend.start();
    OPEN.add(echo);
    register("echo", "echo-1", echo.port());
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : OPEN) {
      each.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"})
  void everyMethodPassesWithPathQueryAndBody(String method) {
    Answer answer =
        http.send(
            gateway
                .request("/gateway/echo/echo/a%20b/c;d=1?q=%2F&r=x")
                .method(method, BodyPublishers.ofString("hello")));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    JsonNode seen = answer.json();
    assertThat(seen.at("/method").asText()).isEqualTo(method);
    assertThat(seen.at("/uri").asText()).isEqualTo("/echo/a%20b/c;d=1?q=%2F&r=x");
    assertThat(seen.at("/body").asText()).isEqualTo("hello");
    assertThat(answer.header("X-Instance-Id")).contains("echo-1");
  }

  @Test
  void headersPassAsTheyShould() {
    Answer answer =
        http.send(
            gateway
                .request("/gateway/echo/echo")
                .header("X-Custom", "kept")
                .header("X-Forwarded-For", "6.6.6.6")
                .header("TE", "trailers")
                .header("Keep-Alive", "5")
                .header("X-Request-Id", "my-id")
                .GET());
    JsonNode headers = answer.json().at("/headers");
    assertThat(headers.at("/x-custom").asText()).isEqualTo("kept");
    assertThat(headers.at("/x-forwarded-for").asText()).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(headers.at("/forwarded").asText()).startsWith("for=").contains("proto=http");
    assertThat(headers.at("/via").asText()).isEqualTo("1.1 soilhub");
    assertThat(headers.at("/host").asText()).isEqualTo("localhost:" + echo.port());
    assertThat(headers.at("/x-request-id").asText()).isEqualTo("my-id");
    assertThat(headers.has("te")).isFalse();
    assertThat(headers.has("keep-alive")).isFalse();
    assertThat(answer.header("X-End")).contains("yours");
    assertThat(answer.header("X-Hop")).isEmpty();
    assertThat(answer.response().headers().allValues("Set-Cookie")).containsExactly("a=1", "b=2");
    assertThat(answer.response().headers().allValues("Date")).hasSize(1);
    assertThat(answer.header("Via")).contains("1.1 soilhub");
  }

  /// The server unpacks bodies, so the instance gets them plain and is not told otherwise. At the
  /// gateway's own port they pass as they are.
  @ParameterizedTest
  @CsvSource({"gzip, true", "x-gzip, false", "deflate, true", "br, true"})
  void aPackedBodyArrivesWholeAndIsWhatItsHeadersSay(String coding, boolean chunked) {
    String text = "a packed body, ".repeat(50);
    byte[] packed = pack(coding, text);
    boolean unpacks = front == Front.SERVER && !coding.equals("br");
    Answer echoed = send("/gateway/echo/echo", coding, packed, chunked);
    assertThat(echoed.status()).as(echoed.toString()).isEqualTo(200);
    assertThat(echoed.json().at("/headers").has("content-encoding")).isEqualTo(!unpacks);
    Answer counted = send("/gateway/echo/count", coding, packed, chunked);
    assertThat(counted.text()).isEqualTo(Integer.toString(unpacks ? text.length() : packed.length));
    if (unpacks) {
      assertThat(echoed.json().at("/body").asText()).isEqualTo(text);
    }
  }

  private Answer send(String path, String coding, byte[] body, boolean chunked) {
    return gateway.send(
        gateway
            .request(path)
            .header("Content-Encoding", coding)
            .PUT(
                chunked
                    ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
                    : BodyPublishers.ofByteArray(body)));
  }

  @Test
  void aBodyThatIsNotPackedAsItSaysIsTheCallersFault() {
    byte[] body = "not packed".getBytes(StandardCharsets.US_ASCII);
    boolean unpacks = front == Front.SERVER;
    assertThat(send("/gateway/echo/echo", "gzip", body, false).status())
        .isEqualTo(unpacks ? 400 : 200);
    assertThat(send("/gateway/echo/echo", "br, gzip", body, false).status())
        .isEqualTo(unpacks ? 501 : 200);
  }

  @Test
  void headHasNoBodyAndStatusesPassAsTheyAre() {
    Answer head = http.send(gateway.request("/gateway/echo/echo").HEAD());
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).as("which the instance did not tell").isEmpty();
    for (int status : List.of(201, 204, 302, 304, 404, 418, 500)) {
      assertThat(gateway.get("/gateway/echo/status/" + status).status()).isEqualTo(status);
    }
  }

  @Test
  void largeBodiesPassBothWaysWithoutBeingHeld() throws IOException, InterruptedException {
    long size = 64L << 20;
    byte[] block = new byte[1 << 20];
    Iterable<byte[]> blocks =
        () -> java.util.stream.IntStream.range(0, 64).mapToObj(_ -> block).iterator();
    Answer up =
        http.send(gateway.request("/gateway/echo/count").POST(BodyPublishers.ofByteArrays(blocks)));
    assertThat(up.text()).isEqualTo(Long.toString(size));
    try (HttpClient client = HttpClient.newHttpClient()) {
      var down =
          client.send(
              gateway.request("/gateway/echo/bytes/" + size).GET().build(),
              HttpResponse.BodyHandlers.ofInputStream());
      assertThat(down.body().transferTo(java.io.OutputStream.nullOutputStream())).isEqualTo(size);
    }
  }

  @Test
  void aStreamArrivesAsItIsSentAndEndsAtTheDeadline() throws IOException, InterruptedException {
    Backend slow = Backend.start();
    OPEN.add(slow);
    register(own("slow"), own("slow") + "-1", slow.port());
    policy(own("slow"), "{\"deadline_ms\":3000}");
    try (HttpClient client = HttpClient.newHttpClient()) {
      long begin = System.nanoTime();
      HttpResponse<java.io.InputStream> answer =
          client.send(
              gateway.request("/gateway/" + own("slow") + "/drip").GET().build(),
              HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.body().read()).isEqualTo('.');
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
      assertThatThrownBy(() -> answer.body().transferTo(OutputStream.nullOutputStream()))
          .as("what is not whole does not look so")
          .isInstanceOf(IOException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }
    Await.until(
        "it is over", LIMIT, () -> instance(own("slow") + "-1").at("/requests").asInt() == 1);
    assertThat(instance(own("slow") + "-1").at("/errors").asInt())
        .as("a stream is no failure")
        .isZero();
  }

  @Test
  void anAnswerThatBreaksOffDoesNotLookWhole() {
    assertProblem(gateway.get("/gateway/echo/cut"), 502, "instance-failed");
  }

  @Test
  void chunksThatBreakOffDoNotLookWholeAndCountAgainstTheInstance() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    ServerSocket breaking = breaking(seen);
    OPEN.add(breaking);
    register(own("cut"), own("cut") + "-1", breaking.getLocalPort());
    policy(own("cut"), "{\"hedge_after_p95\":true}");
    assertThat(
            http.get(HttpCalls.API + "/load-balancing/" + own("cut")).json().at("/hedge_after_p95"))
        .isEqualTo(BooleanNode.TRUE);
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 3; i++) {
        var answer =
            client.send(
                gateway.request("/gateway/" + own("cut") + "/x").GET().build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().readNBytes(5)).as("it is passed on at once").hasSize(5);
        seen.countDown();
        assertThatThrownBy(() -> answer.body().readAllBytes()).isInstanceOf(IOException.class);
      }
    }
    Await.until(
        "they are counted", LIMIT, () -> instance(own("cut") + "-1").at("/errors").asInt() == 3);
  }

  /// Closes every connection in the middle of a chunked answer, when its first chunk was seen.
  private static ServerSocket breaking(CountDownLatch seen) throws IOException {
    ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  Socket socket = server.accept();
                  Thread.ofVirtual().start(() -> breakOff(socket, seen));
                }
              } catch (IOException _) {
                // the tests are over
              }
            });
    return server;
  }

  private static void breakOff(Socket socket, CountDownLatch seen) {
    try (socket) {
      var in = new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII);
      BufferedReader head = new BufferedReader(in);
      for (String line = head.readLine(); line != null && !line.isEmpty(); line = head.readLine()) {
        // up to the end of the request
      }
      String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (IOException | InterruptedException _) {
      // the other side closed first
    }
  }

  /// Only one line a second is logged of a service.
  @Test
  void whatIsLoggedOfAForwardNamesItsRequest() {
    Await.until(
        "it is logged under its id",
        LIMIT,
        () -> {
          String id = own("cut-short");
          http.send(gateway.request("/gateway/echo/cut").header("X-Request-Id", id).GET());
          return ServiceEnvironment.replica().console().contains("[" + id + "]");
        });
  }

  @Test
  void whatCannotBeForwardedIsSaidClearly() {
    assertProblem(gateway.get("/gateway/" + own("nobody") + "/x"), 404, "service-not-found");
    assertProblem(gateway.get("/gateway/"), 404, "no-such-resource");
    assertProblem(
        http.send(gateway.request("/gateway/echo/x").method("TRACE", BodyPublishers.noBody())),
        501,
        "method-not-forwarded");
    register(own("dead"), own("dead") + "-1", 1);
    Await.until(
        "no healthy instance",
        LIMIT,
        () -> type(gateway.get("/gateway/" + own("dead") + "/x")).equals("no-healthy-instance"));
    Answer none = gateway.get("/gateway/" + own("dead") + "/x");
    assertProblem(none, 503, "no-healthy-instance");
    assertThat(none.header("Retry-After")).isPresent();
    assertThat(none.header("X-Request-Id")).isPresent();
  }

  @Test
  void forwardsCountUntilTheyAreAnswered() {
    long before = metric("server_errors");
    long active = metric("active_connections");
    for (int i = 0; i < 5; i++) {
      assertThat(gateway.get("/gateway/echo/status/500").status()).isEqualTo(500);
    }
    Await.until("the errors are counted", LIMIT, () -> metric("server_errors") >= before + 5);
    assertThat(metric("active_connections")).isLessThanOrEqualTo(active + 1);
  }

  private static long metric(String name) {
    JsonNode metrics = http.get(HttpCalls.API + "/metrics").json();
    return metrics.findPath(name).asLong(-1);
  }

  @Test
  void theInstancesShowExactlyWhatHappened() {
    List<Backend> backends = List.of(Backend.start(), Backend.start(), Backend.start());
    OPEN.addAll(backends);
    for (int i = 0; i < 3; i++) {
      register(own("counted"), own("counted") + "-" + i, backends.get(i).port());
    }
    policy(own("counted"), "{\"strategy\":\"round_robin\"}");
    for (int i = 0; i < 30; i++) {
      assertThat(gateway.get("/gateway/" + own("counted") + "/status/200").status()).isEqualTo(200);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(gateway.get("/gateway/" + own("counted") + "/status/500").status()).isEqualTo(500);
    }
    for (int i = 0; i < 3; i++) {
      String path = HttpCalls.API + "/instances/" + own("counted") + "-" + i;
      Await.until("probed", LIMIT, () -> isHealthy(http.get(path)));
      JsonNode shown = http.get(path).json();
      assertThat(shown.at("/requests").asLong())
          .isEqualTo(11)
          .isEqualTo(backends.get(i).requests.get());
      assertThat(shown.at("/errors").asLong()).isEqualTo(1);
      assertThat(shown.at("/active_connections").asInt()).isZero();
    }
  }

  @Test
  void killingOneOfThreeUnderLoadIsNotSeenByReaders() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Process process = backendProcess();
      processes.add(process);
      OPEN.add(process::destroyForcibly);
      register(own("killed"), own("killed") + "-" + i, port(process));
    }
    policy(own("killed"), "{\"strategy\":\"round_robin\"}");
    Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
    List<Thread> callers = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      callers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 150; i++) {
                      int status = gateway.get("/gateway/" + own("killed") + "/echo").status();
                      statuses.computeIfAbsent(status, _ -> new AtomicInteger()).incrementAndGet();
                    }
                  }));
    }
    Await.until(
        "some were answered",
        LIMIT,
        () -> statuses.containsKey(200) && statuses.get(200).get() > 100);
    processes.getFirst().destroyForcibly();
    for (Thread caller : callers) {
      caller.join(60_000);
    }
    assertThat(new TreeMap<>(statuses).toString()).isEqualTo("{200=600}");
  }

  /// An unknown coding is left as it is.
  private static byte[] pack(String coding, String text) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (coding) {
          case "gzip", "x-gzip" -> new GZIPOutputStream(packed);
          case "deflate" -> new DeflaterOutputStream(packed);
          default -> packed;
        }) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  static void register(String service, String id, int port) {
    String body = "{\"instance_id\":\"%s\",\"service\":\"%s\",\"host\":\"localhost\",\"port\":%d}";
    Answer answer = http.post(HttpCalls.API + "/instances", body.formatted(id, service, port));
    assertThat(answer.status()).as(answer.toString()).isIn(200, 201);
  }

  static void policy(String service, String json) {
    String path = HttpCalls.API + "/load-balancing/" + service;
    String tag = http.get(path).header("ETag").orElseThrow();
    Answer answer =
        http.send(
            http.request(path)
                .header("Content-Type", "application/json")
                .header("If-Match", tag)
                .PUT(BodyPublishers.ofString(json)));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
  }

  private static Process backendProcess() throws IOException {
    return new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Backend.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static int port(Process process) throws IOException {
    var out = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
    return Integer.parseInt(new BufferedReader(out).readLine());
  }

  static JsonNode instance(String id) {
    return http.get(HttpCalls.API + "/instances/" + id).json();
  }

  private static boolean isHealthy(Answer instance) {
    return instance.json().at("/health").asText().equals("healthy");
  }

  private static String type(Answer answer) {
    String type = answer.json().at("/type").asText();
    return type.substring(type.lastIndexOf(':') + 1);
  }

  private static void assertProblem(Answer answer, int status, String type) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(type(answer)).isEqualTo(type);
    assertThat(answer.header("Content-Type").orElse("")).startsWith("application/problem+json");
  }
}
