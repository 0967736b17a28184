package io.soilhub.scalability.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.RawHttp;
import io.soilhub.scalability.testing.ServiceEnvironment;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for every call, whatever it is about. Runs against the server that the property
/// `scalability.base` names, else against a replica of its own.
class HttpConventionsIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String KEYS = HttpCalls.API + "/keys";
  private static final String KEY = "{\"name\":\"test\",\"role\":\"viewer\"}";
  private static HttpCalls http;

  @BeforeAll
  static void server() {
    String base = System.getProperty("scalability.base");
    http = base == null ? ServiceEnvironment.http() : new HttpCalls(URI.create(base));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nope",
        "/nope/deeper?x=1",
        "/problem",
        "/WEB-INF/web.xml",
        "/api",
        "/api/v1/scalability",
        "/api/v1/scalability/",
        "/api/v1/scalability/nope",
        "/api/v1/scalability/status/nope",
        "/jwt"
      })
  void anUnknownPathIsAProblem(String path) {
    assertProblem(http.get(path), 404);
  }

  @Test
  void theRootLeadsToThePageOfTheApi() {
    HttpCalls.Answer answer = http.get("/");
    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location").orElseThrow()).endsWith("/openapi/ui/");
    assertThat(answer.header("X-Request-Id")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "PATCH", "DELETE", "TRACE", "FOO"})
  void aWrongMethodNamesTheRightOnes(String method) {
    HttpCalls.Answer answer = http.send(http.request(KEYS).method(method, BodyPublishers.noBody()));
    assertProblem(answer, 405);
    assertThat(answer.header("Allow").orElse("").split(", ")).contains("GET", "POST");
  }

  @Test
  void anAnswerThatCannotBeGivenIsNotAcceptable() {
    assertProblem(http.send(http.request(KEYS).header("Accept", "text/html")), 406);
  }

  @ParameterizedTest
  @CsvSource({"text/plain, 415", "text/csv, 415", "nonsense, 400"})
  void aBodyOfAnotherTypeIsRefused(String type, int status) {
    assertProblem(post(KEY, "Content-Type", type), status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                                                     | 400 |",
        "null                                                   | 400 |",
        "{\"name\":                                             | 400 |",
        "[]                                                     | 400 | ``",
        "{\"name\":5,\"role\":\"viewer\"}                       | 400 | /name",
        "{\"name\":\"x\",\"role\":0}                            | 400 | /role",
        "{\"name\":\"x\",\"role\":\"viewer\",\"expires_in_days\":\"1\"} | 400 | /expires_in_days",
        "{}                                                     | 422 | /name",
        "{\"name\":\"\",\"role\":\"viewer\"}                    | 422 | /name",
        "{\"name\":\"x\",\"role\":\"king\"}                     | 422 | /role",
        "{\"name\":\"x\",\"role\":\"viewer\",\"nope\":1}        | 422 | /nope",
        "{\"name\":\"x\",\"role\":\"viewer\",\"expires_in_days\":0} | 422 | /expires_in_days",
        "{\"name\":\"\\u0000\",\"role\":\"viewer\"}             | 422 | ``",
      })
  void badInputIsNamed(String body, int status, String pointer) {
    HttpCalls.Answer answer = http.post(KEYS, body);
    JsonNode problem = assertProblem(answer, status);
    if (pointer != null) {
      assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo(pointer);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=201", "limit=x", "cursor=x", "cursor=WyJ4IiwieSJd"})
  void badQueryParametersAreNamed(String query) {
    JsonNode problem = assertProblem(http.get(KEYS + "?" + query), 422);
    assertThat(problem.at("/errors/0/pointer").asText())
        .isEqualTo("/query/" + query.substring(0, query.indexOf('=')));
  }

  @Test
  void aBodyOverTheLimitIsRefusedAlsoWithoutADeclaredLength() {
    byte[] big = new byte[(1 << 20) + 1];
    Arrays.fill(big, (byte) ' ');
    assertProblem(http.send(json(http.request(KEYS)).POST(BodyPublishers.ofByteArray(big))), 413);
    assertProblem(
        http.send(
            json(http.request(KEYS))
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(big)))),
        413);
  }

  @Test
  void aBodyThatIsNotPackedAsItSaysIsRefused() {
    assertProblem(post("not gzip", "Content-Encoding", "gzip"), 400);
  }

  @Test
  void theRequestIdIsTakenOverOrMade() {
    String status = HttpCalls.API + "/status";
    HttpCalls.Answer sent = http.send(http.request(status).header("X-Request-Id", "mine-1"));
    assertThat(sent.header("X-Request-Id")).contains("mine-1");
    assertThat(http.get(status).header("X-Request-Id").orElseThrow()).hasSize(36);
    HttpCalls.Answer forged = http.send(http.request(status).header("X-Request-Id", "a b"));
    assertThat(forged.header("X-Request-Id").orElseThrow()).hasSize(36);
  }

  @Test
  void noHeaderOfAPlugInGivesTheServiceAnotherName() {
    HttpCalls.Answer made = post(KEY, "$WSSN", "elsewhere.example");
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    String location = made.header("Location").orElseThrow();
    assertThat(location).doesNotContain("elsewhere.example");
    assertThat(http.delete(URI.create(location).getPath()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/scalability/status", "/", "/nope"})
  void aNameThatIsNotOursIsNotAnswered(String path) throws IOException {
    assertThat(firstLine(path, "evil.example:8000")).startsWith("HTTP/1.1 421 ");
    assertThat(firstLine(path, "localhost:" + http.base().getPort())).doesNotContain(" 421 ");
  }

  /// By hand, because the client sets Host itself.
  private static String firstLine(String path, String host) throws IOException {
    try (Socket socket = new Socket(http.base().getHost(), http.base().getPort())) {
      socket.setSoTimeout((int) SOON.toMillis());
      String request = "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.formatted(path, host).getBytes(US_ASCII));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
          .readLine();
    }
  }

  /// Also one of a browser that does not say whose page it is.
  @Test
  void aPageOfAnotherSiteChangesNothing() {
    assertProblem(post(KEY, "Sec-Fetch-Site", "cross-site"), 403);
    assertProblem(post(KEY, "Origin", "http://evil.example"), 403);
    assertProblem(post(KEY, "Origin", "null"), 403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/cache/%C0%AF",
        "/cache/a%FFb",
        "/cache/a|b",
        "/cache/\u00e9",
        "/jobs?%",
        "/jobs?a=%zz",
        "/jobs?tag=%C0%AF",
        "/jobs?tag=%00"
      })
  void aTargetThatIsNotUtf8IsMalformed(String path) {
    assertRawProblem("GET " + HttpCalls.API + path, "", 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept: application/json;q=foo",
        "Accept: text/html;q=0.5, application/json; q=1.5",
        "Accept-Language: xx;q=zz",
        "Accept-Charset: a;q=-1"
      })
  void aWeightThatIsNoNumberIsMalformed(String field) {
    assertRawProblem("GET " + HttpCalls.API + "/jobs", field + "\r\n", 400);
  }

  @Test
  void aFormWithoutABoundaryIsMalformed() {
    assertRawProblem(
        "POST " + HttpCalls.API + "/varieties/trials",
        "Content-Type: multipart/form-data\r\nContent-Length: 1\r\n",
        400);
  }

  @ParameterizedTest
  @CsvSource({"/api/v1/scalability/keys, 405", "/nope, 404"})
  void traceIsAnsweredByTheApi(String path, int status) {
    assertRawProblem("TRACE " + path, "", status);
  }

  /// The length in such an answer is that of the body that is not sent; it is not known.
  @Test
  void whatIsNotModifiedHasNoLength() {
    RawHttp.Answer answer =
        new RawHttp(http.base())
            .send(
                "GET %s/varieties/crops HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n"
                        .formatted(HttpCalls.API)
                    + "Connection: close\r\n\r\n");
    assertThat(answer.status()).isEqualTo(304);
    assertThat(answer.field("ETag")).isPresent();
    assertThat(answer.field("Content-Length")).isEmpty();
    assertThat(answer.body()).isEmpty();
  }

  private static void assertRawProblem(String begin, String fields, int status) {
    RawHttp.Answer answer =
        new RawHttp(http.base())
            .send(
                "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\nx"
                    .formatted(begin, fields));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.field("Content-Type")).contains("application/problem+json");
    assertThat(answer.field("X-Request-Id")).isPresent();
  }

  @Test
  void aRefusedPostMayBeCorrectedUnderItsKey() {
    String key = "corrected-" + System.nanoTime();
    assertProblem(post("{\"name\":\"\",\"role\":\"viewer\"}", "Idempotency-Key", key), 422);
    HttpCalls.Answer corrected = post(KEY, "Idempotency-Key", key);
    assertThat(corrected.status()).as(corrected.toString()).isEqualTo(201);
    String location = URI.create(corrected.header("Location").orElseThrow()).getPath();
    assertThat(http.delete(location).status()).isEqualTo(200);
  }

  @Test
  void aSecretIsShownOnceAlsoToARepeat() {
    String key = "secret-" + System.nanoTime();
    HttpCalls.Answer first = post(KEY, "Idempotency-Key", key);
    assertThat(first.status()).isEqualTo(201);
    String secret = first.json().at("/key").asText();
    HttpCalls.Answer second = post(KEY, "Idempotency-Key", key);
    assertProblem(second, 409);
    assertThat(second.text()).doesNotContain(secret);
    String location = URI.create(first.header("Location").orElseThrow()).getPath();
    assertThat(http.delete(location).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\tb"})
  void anUnusableIdempotencyKeyIsRefused(String key) {
    assertProblem(post(KEY, "Idempotency-Key", key), 400);
  }

  @Test
  void statusHealthAndMetricsAnswer() {
    Await.until("the node is seen", SOON, () -> of("/status").at("/nodes").size() > 0);
    JsonNode status = of("/status");
    assertThat(status.at("/enabled/async_processing").asBoolean()).isTrue();
    assertThat(status.at("/components/capacity_planner/status").asText())
        .isEqualTo("not_available");
    assertThat(status.at("/components/async_processor/queue_stats").size()).isEqualTo(5);
    Await.until(
        () -> "PostgreSQL is healthy: " + of("/health"),
        SOON,
        () -> of("/health").at("/service_status/postgresql/status").asText().equals("healthy"));
    JsonNode metrics = of("/metrics");
    assertThat(metrics.at("/application/requests").asLong()).isPositive();
    assertThat(http.get("/metrics").status()).isEqualTo(200);
    assertThat(http.get("/health/live").status()).isEqualTo(200);
  }

  @Test
  void theDocumentDescribesTheApi() {
    HttpCalls.Answer document =
        http.send(http.request("/openapi").header("Accept", "application/json"));
    JsonNode api = document.json();
    assertThat(api.at("/info/title").asText()).isEqualTo("Soil Hub Scalability");
    assertThat(api.at("/components/securitySchemes/api_key/in").asText()).isEqualTo("header");
    assertThat(api.at("/paths/~1api~1v1~1scalability~1keys/post/responses/default").isMissingNode())
        .isFalse();
    assertThat(http.get("/openapi/ui/").status()).isEqualTo(200);
    List<String> members = new ArrayList<>();
    api.findValues("properties").forEach(p -> p.fieldNames().forEachRemaining(members::add));
    assertThat(members).contains("job_id", "next_cursor").allMatch(m -> m.matches("[a-z0-9_]+"));
    JsonNode key = api.at("/components/schemas/NewKey");
    assertThat(key.at("/required")).hasToString("[\"name\",\"role\"]");
    assertThat(key.at("/properties/name/minLength").asInt()).isEqualTo(1);
    assertThat(key.at("/properties/name/maxLength").asInt()).isEqualTo(100);
    assertThat(key.at("/properties/expires_in_days/minimum").asInt()).isEqualTo(1);
    assertThat(key.at("/properties/expires_in_days/maximum").asInt()).isEqualTo(3650);
  }

  private static JsonNode of(String path) {
    return http.get(HttpCalls.API + path).json();
  }

  private static HttpCalls.Answer post(String body, String header, String value) {
    HttpRequest.Builder request = http.request(KEYS).POST(BodyPublishers.ofString(body));
    if (!header.equals("Content-Type")) {
      json(request);
    }
    return http.send(request.header(header, value));
  }

  private static HttpRequest.Builder json(HttpRequest.Builder request) {
    return request.header("Content-Type", "application/json");
  }

  private static JsonNode assertProblem(HttpCalls.Answer answer, int status) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).contains("application/problem+json");
    JsonNode problem = Json.parse(answer.text());
    assertThat(problem.at("/status").asInt()).isEqualTo(status);
    assertThat(problem.at("/title").asText()).isNotEmpty();
    assertThat(problem.at("/type").asText()).startsWith("urn:soilhub:problem:");
    assertThat(problem.at("/instance").asText()).startsWith("/");
    assertThat(answer.header("X-Request-Id")).isPresent();
    assertThat(answer.text())
        .doesNotContain("java.", "io.soilhub", "Exception", "RESTEASY", "SRVE", "SQL");
    return problem;
  }
}
