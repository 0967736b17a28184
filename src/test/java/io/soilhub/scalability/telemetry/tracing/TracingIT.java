package io.soilhub.scalability.telemetry.tracing;

import static io.soilhub.scalability.testing.HttpCalls.API;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.OtlpReceiver;
import io.soilhub.scalability.testing.OtlpReceiver.Received;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two replicas that export their traces and metrics: one takes requests in, the other one works
/// off the jobs. And one with the defaults, which must stay silent.
class TracingIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration START_LIMIT = Duration.ofSeconds(240);
  private static final List<AutoCloseable> OPEN = new ArrayList<>();
  private static final AtomicInteger HOOKS = new AtomicInteger();
  private static final List<String> PARENTS = new CopyOnWriteArrayList<>();
  private static OtlpReceiver collector;
  private static OtlpReceiver unused;
  private static HttpServer receiver;
  private static LibertyReplica taking;
  private static LibertyReplica working;
  private static LibertyReplica silent;

  @BeforeAll
  static void start() throws IOException {
    collector = kept(OtlpReceiver.start());
    unused = kept(OtlpReceiver.start());
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    receiver.createContext(
        "/echo",
        exchange -> {
          try (exchange) {
            PARENTS.add(String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    receiver.createContext(
        "/hook",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(HOOKS.incrementAndGet() == 1 ? 503 : 200, -1);
          }
        });
    receiver.start();
    OPEN.add(() -> receiver.stop(0));
    Map<String, String> variables =
        ServiceEnvironment.variables(TestPostgres.shared(), kept(TestRedis.start()));
    variables.putAll(
        Map.of(
            "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
            "OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint(),
            "OTEL_BSP_SCHEDULE_DELAY", "200",
            "OTEL_METRIC_EXPORT_INTERVAL", "1000",
            "WEBHOOK_ALLOW_PRIVATE", "true",
            "JOB_RETRY_BASE_MS", "1",
            "LOG_FORMAT", "json"));
    silent = launch("silent", variables, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", unused.endpoint()));
    silent.awaitStatus("/health/ready", 200, START_LIMIT);
    silent.close();
    Map<String, String> on = Map.of("OTEL_SDK_DISABLED", "false");
    variables.putAll(on);
    working = kept(launch("working", variables, on));
    taking = kept(launch("taking", variables, Map.of("WORKERS_PER_QUEUE", "0")));
    working.awaitStatus("/health/ready", 200, START_LIMIT);
    taking.awaitStatus("/health/ready", 200, START_LIMIT);
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : OPEN.reversed()) {
      each.close();
    }
  }

  @Test
  void aTraceRunsFromThePostOnOneReplicaToTheEndOfTheJobOnAnother() {
    CallersTrace trace = CallersTrace.begin(collector);
    Answer answer = post(API + "/jobs", notification("hello"), trace.traceparent());
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    Received run = trace.runs(1).getFirst();
    Received request = trace.request();
    assertThat(request.parentId()).isEqualTo(CallersTrace.SPAN);
    assertThat(request.name()).isEqualTo("POST " + API + "/jobs");
    assertThat(run.parentId()).isEqualTo(request.spanId());
    assertThat(run.kind()).isEqualTo("CONSUMER");
    assertThat(run.name()).isEqualTo("job.notification");
    assertThat(run.failed()).isFalse();
    assertThat(run.attributes())
        .containsEntry("soilhub.job.id", answer.json().path("job_id").asText())
        .containsEntry("soilhub.job.type", "notification")
        .containsEntry("soilhub.job.queue", "notifications")
        .containsEntry("soilhub.job.attempt", "1")
        .containsEntry("soilhub.job.outcome", "completed");
    assertThat(run.resource()).containsEntry("service.name", "soilhub-scalability");
    Await.until(
        "the handler's line has the ids of its span",
        LIMIT,
        () ->
            lines(working).stream()
                .anyMatch(
                    line ->
                        line.path("message").asText().contains("hello")
                            && line.path("trace_id").asText().equals(trace.id())
                            && line.path("span_id").asText().equals(run.spanId())));
  }

  @Test
  void everyAttemptIsASpanOfTheSameTrace() {
    CallersTrace trace = CallersTrace.begin(collector);
    String hook = "http://localhost:%d/hook".formatted(receiver.getAddress().getPort());
    HOOKS.set(0);
    Answer answer =
        post(
            API + "/jobs",
            "{\"job_type\":\"notification\",\"payload\":{\"channel\":\"webhook\","
                + "\"message\":\"m\",\"url\":\"%s\"}}".formatted(hook),
            trace.traceparent());
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    List<Received> runs = trace.runs(2);
    assertThat(runs).extracting(Received::parentId).containsOnly(trace.request().spanId());
    assertThat(runs)
        .extracting(run -> run.attributes().get("soilhub.job.attempt"))
        .containsExactly("1", "2");
    assertThat(runs)
        .extracting(run -> run.attributes().get("soilhub.job.outcome"))
        .containsExactly("retrying", "completed");
    assertThat(runs).extracting(Received::failed).containsExactly(true, false);
    assertThat(runs.getFirst().attributes()).containsKey("error.type");
  }

  @Test
  void allJobsOfABatchAndThoseThatOtherResourcesSubmitBelongToTheirRequest() {
    CallersTrace batch = CallersTrace.begin(collector);
    String one = notification("one");
    assertThat(
            post(API + "/jobs/batch", "{\"jobs\":[" + one + "," + one + "]}", batch.traceparent())
                .status())
        .isEqualTo(202);
    assertThat(batch.runs(2)).extracting(Received::parentId).containsOnly(batch.request().spanId());
    CallersTrace recommendation = CallersTrace.begin(collector);
    String question = "{\"crop_id\":\"corn\",\"latitude\":40.0,\"longitude\":-95.0}";
    Answer asked = post(API + "/variety-recommendations", question, recommendation.traceparent());
    assertThat(asked.status()).as(asked.toString()).isEqualTo(202);
    Received run = recommendation.runs(1).getFirst();
    assertThat(run.name()).isEqualTo("job.variety_recommendation");
    assertThat(run.parentId()).isEqualTo(recommendation.request().spanId());
  }

  @Test
  void aTraceGoesThroughTheGatewayToTheInstance() {
    int port = receiver.getAddress().getPort();
    String instance =
        "{\"instance_id\":\"echo-1\",\"host\":\"localhost\",\"port\":%d,\"service\":\"echo\","
            + "\"health_endpoint\":\"/echo\"}";
    assertThat(taking.http().post(API + "/instances", instance.formatted(port)).status())
        .isEqualTo(201);
    for (URI wayIn : List.of(taking.uri(), taking.gateway())) {
      Await.until(
          "the instance is used",
          LIMIT,
          () -> forward(wayIn, CallersTrace.begin(collector)).status() == 200);
      CallersTrace trace = CallersTrace.begin(collector);
      assertThat(forward(wayIn, trace).status()).isEqualTo(200);
      Received request = trace.request();
      Received tried = trace.tried();
      assertThat(request.parentId()).isEqualTo(CallersTrace.SPAN);
      assertThat(request.name()).isEqualTo("GET /gateway");
      assertThat(request.attributes())
          .containsEntry("http.request.method", "GET")
          .containsEntry("http.route", "/gateway")
          .containsEntry("url.path", "/gateway/echo/echo")
          .containsEntry("http.response.status_code", "200");
      assertThat(tried.parentId()).isEqualTo(request.spanId());
      assertThat(tried.name()).isEqualTo("GET");
      assertThat(tried.attributes())
          .containsEntry("http.response.status_code", "200")
          .containsEntry("server.port", Integer.toString(port))
          .containsEntry("soilhub.service", "echo")
          .containsEntry("soilhub.instance.id", "echo-1");
      assertThat(PARENTS).contains("00-%s-%s-01".formatted(trace.id(), tried.spanId()));
    }
  }

  @Test
  void aMalformedTraceparentIsNone() {
    String job =
        post(API + "/jobs", notification("odd"), "00-" + "0".repeat(32) + "-1-zz")
            .json()
            .path("job_id")
            .asText();
    Await.until("the run has ended", LIMIT, () -> runOf(job).size() == 1);
    Received run = runOf(job).getFirst();
    assertThat(run.traceId()).matches("[0-9a-f]{32}").isNotEqualTo("0".repeat(32));
    Received request = new CallersTrace(run.traceId(), collector).request();
    assertThat(request.parentId()).isEmpty();
    assertThat(run.parentId()).isEqualTo(request.spanId());
  }

  @Test
  void metricsAreExportedAsWell() {
    Await.until(
        () -> "metrics of the server and of the JVM in " + collector.metrics(),
        LIMIT,
        () ->
            collector.metrics().contains("http.server.request.duration")
                && collector.metrics().contains("jvm.memory.used"));
    assertThat(collector.metricResource()).containsEntry("service.name", "soilhub-scalability");
  }

  @Test
  void withTheDefaultsNothingIsSent() {
    assertThat(unused.requests()).isZero();
    assertThat(lines(silent)).isNotEmpty().noneMatch(line -> line.has("trace_id"));
  }

  private static List<Received> runOf(String jobId) {
    return collector.spans().stream()
        .filter(span -> jobId.equals(span.attributes().get("soilhub.job.id")))
        .toList();
  }

  private static Answer forward(URI wayIn, CallersTrace trace) {
    HttpCalls http = new HttpCalls(wayIn);
    return http.send(
        http.request("/gateway/echo/echo").header("traceparent", trace.traceparent()).GET());
  }

  private static Answer post(String path, String body, String traceparent) {
    HttpCalls http = taking.http();
    return http.send(
        http.request(path)
            .header("Content-Type", "application/json")
            .header("traceparent", traceparent)
            .POST(BodyPublishers.ofString(body)));
  }

  private static String notification(String message) {
    return "{\"job_type\":\"notification\",\"payload\":{\"channel\":\"log\",\"message\":\"%s\"}}"
        .formatted(message);
  }

  /// The whole lines in JSON of a replica's log.
  private static List<JsonNode> lines(LibertyReplica replica) {
    try {
      String log = Files.readString(replica.directory().resolve("logs/application.log"));
      return log.substring(0, log.lastIndexOf('\n') + 1)
          .lines()
          .filter(line -> line.startsWith("{"))
          .map(Json::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LibertyReplica launch(
      String name, Map<String, String> variables, Map<String, String> others) {
    Map<String, String> all = new HashMap<>(variables);
    all.putAll(others);
    return LibertyReplica.launch("trace-" + name, all);
  }

  private static <T extends AutoCloseable> T kept(T opened) {
    OPEN.add(opened);
    return opened;
  }
}
