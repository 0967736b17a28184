package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.soilhub.scalability.jobs.notifications.SmtpDouble;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.http.IfMatch;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Alerts as callers of the REST API see them, and as they reach a webhook and a mailbox from a
/// running server.
class AlertsApiIT {

  private static final String ALERTS = HttpCalls.API + "/alerts";
  private static final List<String> CALLS = new CopyOnWriteArrayList<>();

  private static HttpServer receiver;
  private static SmtpDouble mailbox;
  private static TestRedis redis;
  private static LibertyReplica replica;
  private static String database;
  private static HttpCalls http;

  @BeforeAll
  static void start() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", AlertsApiIT::receive);
    receiver.start();
    mailbox = new SmtpDouble();
    redis = TestRedis.start();
    Map<String, String> variables = ServiceEnvironment.variables(TestPostgres.shared(), redis);
    database = variables.get("DATABASE_URL");
    // The rules are evaluated by the test: nothing of the server's own may come in between.
    variables.put("ALERT_INTERVAL_SECONDS", "3600");
    variables.put(
        "ALERT_WEBHOOK_URL", "http://localhost:" + receiver.getAddress().getPort() + "/hook");
    variables.put("ALERT_WEBHOOK_SECRET", "0123456789abcdef");
    variables.put("ALERT_EMAIL_TO", "grower@example.org");
    variables.put("SMTP_HOST", "localhost");
    variables.put("SMTP_PORT", Integer.toString(mailbox.port()));
    variables.put("SMTP_STARTTLS", "false");
    variables.put("SMTP_FROM", "alerts@example.org");
    replica = LibertyReplica.start("alerts", variables);
    http = replica.http();
  }

  @AfterAll
  static void stop() throws IOException {
    replica.close();
    redis.close();
    mailbox.close();
    receiver.stop(0);
  }

  @Test
  void rulesAreReplacedByWhoKnowsThem() {
    Answer initial = http.get(ALERTS + "/rules");
    assertThat(initial.json().at("/rules").size()).isGreaterThanOrEqualTo(1);
    String body = Json.write(AlertRules.DEFAULTS);
    assertThat(http.put(ALERTS + "/rules", body).status()).isEqualTo(428);
    assertThat(put(body, "\"999\"").status()).isEqualTo(412);
    Answer replaced = put(body, initial.header("ETag").orElseThrow());
    assertThat(replaced.status()).as(replaced.toString()).isEqualTo(200);
    assertThat(replaced.header("ETag")).isNotEqualTo(initial.header("ETag"));
    assertThat(put(body, initial.header("ETag").orElseThrow()).status()).isEqualTo(412);
    assertThat(http.get(ALERTS + "/rules").text()).isEqualTo(replaced.text()).isEqualTo(body);
  }

  @Test
  void rulesThatWereReplacedAreShownAndTheDefaultsComeBack() {
    String mine =
        Json.write(new AlertRules(List.of(AlertRule.of("mine", AlertSignal.of("cpu_ratio"), 0.5))));
    String version = put(mine, "*").header("ETag").orElseThrow().replace("\"", "");
    assertThat(put("{}", "*").status()).isEqualTo(422);
    Answer restored = http.post(ALERTS + "/rules/defaults", "");
    assertThat(restored.status()).as(restored.toString()).isEqualTo(200);
    assertThat(http.get(ALERTS + "/rules").text()).isEqualTo(Json.write(AlertRules.DEFAULTS));
    JsonNode versions = http.get(ALERTS + "/rules/versions?limit=1").json();
    assertThat(versions.at("/items/0/version").asText()).isEqualTo(version);
    Answer before = http.get(ALERTS + "/rules/versions/" + version);
    assertThat(before.text()).isEqualTo(mine);
    assertThat(put(before.text(), restored.header("ETag").orElseThrow()).status()).isEqualTo(200);
    assertThat(http.get(ALERTS + "/rules/versions/0").status()).isEqualTo(404);
    assertThat(http.get(ALERTS + "/rules/versions/x").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"rules\":[{\"name\":\"x\",\"signal\":\"cpu_ratio\",\"threshold\":\"1\"}]}"
            + " | 400 | /rules/0/threshold",
        "{\"rules\":[{\"name\":\"x\",\"signal\":\"moon\",\"threshold\":1}]}"
            + " | 422 | /rules/0/signal",
        "{\"rules\":[{\"name\":\"x\",\"signal\":\"cpu_ratio\"}]} | 422 | /rules/0/threshold",
        "{\"rules\":[{\"name\":\"x\",\"signal\":\"cpu_ratio\",\"threshold\":1,\"severity\":\"bad\"}]}"
            + " | 422 | /rules/0/severity",
        "{\"rules\":[{\"name\":\"x\",\"signal\":\"cpu_ratio\",\"threshold\":1,\"treshold\":1}]}"
            + " | 422 | /rules/0/treshold",
        "{\"rules\":[{\"name\":\"x\",\"signal\":\"metric:m:error_ratio\",\"threshold\":1}]}"
            + " | 422 | /rules/0/signal",
        "{\"rules\":null} | 422 | /rules",
      })
  void badRulesAreNamed(String body, int status, String pointer) {
    Answer answer = put(body, "*");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo(pointer);
  }

  @Test
  void anAlertIsShownAcknowledgedAndToldToWebhookAndMailbox() {
    UUID id = fire("told");
    JsonNode shown = http.get(ALERTS + "/" + id).json();
    assertThat(shown.at("/state").asText()).isEqualTo("firing");
    assertThat(shown.at("/rule").asText()).isEqualTo("told");
    assertThat(shown.at("/labels/queue").asText()).isEqualTo("cleanup");
    assertThat(shown.at("/value").asDouble()).isEqualTo(120);
    assertThat(shown.at("/history/0/state").asText()).isEqualTo("firing");
    Await.until(
        "the alert arrives", Duration.ofSeconds(20), () -> called("told") && mailed("told"));
    String path = ALERTS + "/" + id + "/acknowledge";
    assertThat(http.post(path, "{}").status()).isEqualTo(422);
    Answer known = http.post(path, "{\"by\":\"grower\",\"note\":\"looking\"}");
    assertThat(known.json().at("/state").asText()).isEqualTo("acknowledged");
    assertThat(known.json().at("/acknowledged_by").asText()).isEqualTo("grower");
    assertThat(known.json().at("/history/1/note").asText()).isEqualTo("looking");
    List<JsonNode> listed = items(ALERTS + "?state=acknowledged");
    assertThat(listed).extracting(a -> a.at("/id").asText()).contains(id.toString());
    assertThat(http.get(ALERTS + "?state=loud").status()).isEqualTo(422);
    assertThat(http.get(ALERTS + "/" + UUID.randomUUID()).status()).isEqualTo(404);
    String nobody = ALERTS + "/" + UUID.randomUUID() + "/acknowledge";
    assertThat(http.post(nobody, "{\"by\":\"x\"}").status()).isEqualTo(404);
    assertThat(http.get(ALERTS + "/nonsense").status()).isEqualTo(404);
  }

  /// Neither Redis nor what callers do to a queue has a part in it.
  @Test
  void anAlertIsToldWhileRedisHangsAndTheQueueOfNotificationsIsPaused() {
    String queue = HttpCalls.API + "/jobs/queues/notifications";
    assertThat(put(queue, "{\"paused\":true}", "*").status()).isEqualTo(200);
    redis.suspend();
    try {
      fire("hanging");
      Await.until(
          "the alert arrives",
          Duration.ofSeconds(20),
          () -> called("hanging") && mailed("hanging"));
    } finally {
      redis.resume();
      put(queue, "{\"paused\":false}", "*");
    }
  }

  @Test
  void ofAMessageThatIsTooLongTheFirstThousandAreKept() {
    String alert =
        """
        {"status":"firing","labels":{"alertname":"storm"},"startsAt":"2026-06-01T10:00:00Z",
         "fingerprint":"s-%d"}\
        """;
    String alerts =
        IntStream.range(0, 1_200).mapToObj(alert::formatted).collect(Collectors.joining(","));
    String message = "{\"version\":\"4\",\"truncatedAlerts\":7,\"alerts\":[%s]}";
    Answer answer = http.post(ALERTS + "/webhook", message.formatted(alerts));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.json().at("/news").asInt()).isEqualTo(1_000);
    assertThat(answer.json().at("/left_out").asInt()).isEqualTo(207);
  }

  @Test
  void listsComeInPages() {
    for (int i = 0; i < 3; i++) {
      assertThat(http.post(ALERTS + "/webhook", message("firing", "page" + i)).status())
          .isEqualTo(200);
    }
    Answer first = http.get(ALERTS + "?limit=2");
    assertThat(first.json().at("/items")).hasSize(2);
    String cursor = first.json().at("/next_cursor").asText();
    JsonNode second = http.get(ALERTS + "?limit=2&cursor=" + cursor).json();
    assertThat(second.at("/items/0/id").asText())
        .isLessThan(first.json().at("/items/1/id").asText());
    assertThat(http.get(ALERTS + "?cursor=nonsense").status()).isEqualTo(422);
  }

  @Test
  void aSilenceIsMadeShownAndEnded() {
    String ends = Instant.now().plus(1, ChronoUnit.HOURS).toString();
    String body =
        """
        {"matchers":[{"name":"queue","value":"cleanup"}],"ends_at":"%s","by":"me","comment":"c"}
        """
            .formatted(ends);
    Answer made = http.post(ALERTS + "/silences", body);
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    String id = made.json().at("/id").asText();
    assertThat(made.header("Location").orElseThrow()).endsWith("/alerts/silences/" + id);
    assertThat(items(ALERTS + "/silences")).extracting(s -> s.at("/id").asText()).contains(id);
    assertThat(http.delete(ALERTS + "/silences/" + id).status()).isEqualTo(200);
    assertThat(http.delete(ALERTS + "/silences/" + id).status()).isEqualTo(404);
    assertThat(items(ALERTS + "/silences"))
        .extracting(s -> s.at("/id").asText())
        .doesNotContain(id);
    Answer bad = http.post(ALERTS + "/silences", "{\"ends_at\":\"2001-01-01T00:00:00Z\"}");
    assertThat(bad.status()).isEqualTo(422);
    assertThat(bad.json().at("/errors"))
        .extracting(e -> e.at("/pointer").asText())
        .contains("/matchers", "/ends_at", "/by", "/comment");
  }

  @Test
  void alertmanagersAlertsAreKeptOnce() {
    assertThat(http.post(ALERTS + "/webhook", message("firing", "am")).json().at("/news").asInt())
        .isEqualTo(1);
    assertThat(http.post(ALERTS + "/webhook", message("firing", "am")).json().at("/news").asInt())
        .isZero();
    List<JsonNode> firing = ofAlertmanager("am");
    assertThat(firing).hasSize(1);
    String id = firing.getFirst().at("/id").asText();
    assertThat(firing.getFirst().at("/severity").asText()).isEqualTo("critical");
    assertThat(firing.getFirst().at("/message").asText()).isEqualTo("it burns");
    http.post(ALERTS + "/webhook", message("resolved", "am"));
    http.post(ALERTS + "/webhook", message("firing", "am"));
    http.post(ALERTS + "/webhook", message("resolved", "am"));
    assertThat(ofAlertmanager("am")).hasSize(1);
    JsonNode told = http.get(ALERTS + "/" + id).json();
    assertThat(told.at("/state").asText()).isEqualTo("resolved");
    assertThat(told.at("/history"))
        .extracting(e -> e.at("/state").asText())
        .containsExactly("firing", "resolved");
    Answer late = http.post(ALERTS + "/" + id + "/acknowledge", "{\"by\":\"me\"}");
    assertThat(late.status()).isEqualTo(409);
    Answer bad = http.post(ALERTS + "/webhook", "{\"version\":\"3\",\"alerts\":[{}]}");
    assertThat(bad.status()).isEqualTo(422);
    assertThat(bad.json().at("/errors"))
        .extracting(e -> e.at("/pointer").asText())
        .contains("/version", "/alerts/0/status", "/alerts/0/fingerprint", "/alerts/0/startsAt");
  }

  /// Evaluates a rule beside the server; what it owes then is the server's to send.
  private static UUID fire(String rule) {
    try (Database own = TestPostgres.open(database)) {
      Uuid7 ids = new Uuid7(Clock.systemUTC(), new Random(3));
      FixedSignals signals = new FixedSignals();
      AlertSignal backlog = AlertSignal.of(AlertSignal.Kind.QUEUE_BACKLOG);
      signals.set(backlog, Labels.of("queue", "cleanup"), 120);
      Alerts alerts = new Alerts(own, ids);
      AlertRules rules = new AlertRules(List.of(AlertRule.of(rule, backlog, 100)));
      alerts.replace(rules, IfMatch.of("*"));
      AlertSettings settings =
          new AlertSettings(Duration.ZERO, true, List.of("grower@example.org"), Duration.ofDays(1));
      AlertEvaluation evaluation =
          new AlertEvaluation(own, List.of(signals), settings, ids, "test");
      Await.until("evaluated", Duration.ofSeconds(20), evaluation::step);
      return alerts.list(Optional.of(AlertState.FIRING), Optional.empty(), 50).stream()
          .filter(a -> a.rule().equals(rule))
          .findFirst()
          .orElseThrow()
          .id();
    }
  }

  private static boolean called(String rule) {
    return CALLS.stream()
        .anyMatch(call -> call.startsWith("v1,") && call.contains("\"rule\":\"" + rule + "\""));
  }

  private static boolean mailed(String rule) {
    return mailbox.messages().stream()
        .anyMatch(
            message ->
                message.contains("To: grower@example.org")
                    && message.contains("firing " + rule + " {queue=cleanup}: 120, threshold 100"));
  }

  private static List<JsonNode> ofAlertmanager(String name) {
    return items(ALERTS + "?limit=200").stream()
        .filter(a -> a.at("/source").asText().equals("alertmanager"))
        .filter(a -> a.at("/rule").asText().equals(name))
        .toList();
  }

  private static List<JsonNode> items(String path) {
    return http.get(path).json().at("/items").valueStream().toList();
  }

  private static Answer put(String body, String ifMatch) {
    return put(ALERTS + "/rules", body, ifMatch);
  }

  private static Answer put(String path, String body, String ifMatch) {
    return http.send(
        http.request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", ifMatch)
            .PUT(BodyPublishers.ofString(body)));
  }

  /// As Alertmanager 0.25 posts it.
  private static String message(String status, String name) {
    String ends = status.equals("firing") ? "0001-01-01T00:00:00Z" : "2026-06-01T10:30:00.25Z";
    return """
    {"receiver":"soilhub","status":"%1$s","alerts":[{"status":"%1$s",
      "labels":{"alertname":"%2$s","severity":"critical","instance":"a:8000"},
      "annotations":{"summary":"it burns"},"startsAt":"2026-06-01T10:00:00.123456789+02:00",
      "endsAt":"%3$s","generatorURL":"http://prometheus/graph","fingerprint":"f-%2$s"}],
      "groupLabels":{"alertname":"%2$s"},"commonLabels":{},"commonAnnotations":{},
      "externalURL":"http://alertmanager","version":"4","groupKey":"{}:{}","truncatedAlerts":0}
    """
        .formatted(status, name, ends);
  }

  private static void receive(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    CALLS.add(exchange.getRequestHeaders().getFirst("webhook-signature") + " " + body);
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }
}
