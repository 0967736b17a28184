package io.soilhub.scalability.jobs.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.soilhub.scalability.jobs.engine.JobFailed;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.outbound.AddressPolicy;
import io.soilhub.scalability.platform.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationHandlerTest {

  private static final UUID JOB = new UUID(1, 2);

  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_780_000_000), ZoneOffset.UTC);

  private final NotificationHandler strict = handler(false, Optional.empty());
  private final NotificationHandler open = handler(true, Optional.empty());
  private final Map<String, String> headers = new HashMap<>();
  private final List<String> received = new ArrayList<>();
  private int status = 200;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aWebhookGetsTheMessageUnderTheJobsKey() throws Exception {
    open.run(new FixedRun(JOB, webhook()));
    assertThat(received).hasSize(1);
    assertThat(received.getFirst()).startsWith(JOB.toString()).contains("\"message\":\"hello\"");
  }

  @ParameterizedTest
  @CsvSource({
    "500,true",
    "503,true",
    "429,true",
    "408,true",
    "400,false",
    "404,false",
    "302,false"
  })
  void theReceiversStatusSaysWhetherToTryAgain(int answered, boolean again) {
    status = answered;
    assertThatThrownBy(() -> open.run(new FixedRun(JOB, webhook())))
        .isInstanceOfSatisfying(JobFailed.class, f -> assertThat(f.retryable()).isEqualTo(again));
    assertThat(received).hasSize(1);
  }

  @Test
  void aPrivateTargetIsNotCalledUnlessAllowed() {
    assertThatThrownBy(() -> strict.run(new FixedRun(JOB, webhook())))
        .isInstanceOfSatisfying(
            JobFailed.class, f -> assertThat(f.type()).isEqualTo("FORBIDDEN_TARGET"));
    assertThat(received).isEmpty();
  }

  @Test
  void metadataIsNotCalledWhereverWebhooksMayGo() {
    ObjectNode payload = webhook().put("url", "http://169.254.169.254/latest/meta-data/");
    assertThatThrownBy(() -> open.run(new FixedRun(JOB, payload)))
        .isInstanceOfSatisfying(
            JobFailed.class, f -> assertThat(f.type()).isEqualTo("FORBIDDEN_TARGET"))
        .hasMessageContaining("a link-local address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host/x",
        "http://user:secret@host/",
        "nonsense",
        "http:///x",
        "http://h:70000/",
        ""
      })
  void aTargetThatIsNoPlainHttpUrlIsRefusedAtSubmission(String url) {
    assertThatThrownBy(() -> strict.validate(webhook().put("url", url)))
        .isInstanceOfSatisfying(
            Problem.class,
            p -> assertThat(p.violations()).extracting("pointer").containsExactly("/url"));
  }

  @Test
  void aMessageIsOneLineOfTheLog() {
    assertThat(Channels.oneLine("a\r\nERROR [-] forged\u2028b\u001b[2K"))
        .isEqualTo("a ERROR [-] forged b [2K");
  }

  @Test
  void everyFaultOfAPayloadIsNamed() {
    ObjectNode payload = Json.object().put("channel", "pigeon").put("subject", 7).put("x", 1);
    assertThatThrownBy(() -> strict.validate(payload))
        .isInstanceOfSatisfying(
            Problem.class,
            p ->
                assertThat(p.violations())
                    .extracting("pointer")
                    .containsExactlyInAnyOrder("/channel", "/subject", "/message", "/x"));
  }

  @Test
  void theReceiverOfAlertsIsToldWithASignatureWhereverItIs() throws Exception {
    NotificationHandler alerting = handler(false, receiver());
    ObjectNode payload = webhook().put("target", "alerts");
    payload.remove("url");
    payload.putObject("data").put("total", 2);
    alerting.validate(payload);
    alerting.run(new FixedRun(JOB, payload));
    assertThat(received).hasSize(1);
    String body = received.getFirst().substring(JOB.toString().length() + 1);
    assertThat(body).contains("\"data\":{\"total\":2}");
    assertThat(headers).containsEntry("webhook-id", JOB.toString());
    assertThat(headers).containsEntry("webhook-timestamp", "1780000000");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("0123456789abcdef".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] expected = mac.doFinal((JOB + ".1780000000." + body).getBytes(StandardCharsets.UTF_8));
    assertThat(headers)
        .containsEntry("webhook-signature", "v1," + Base64.getEncoder().encodeToString(expected));
  }

  @Test
  void theSignatureIsThatOfTheStandardsExample() {
    AlertWebhook target =
        AlertWebhook.from(
                Settings.from(
                    Map.of(
                        "ALERT_WEBHOOK_URL",
                        "https://example.org/hook",
                        "ALERT_WEBHOOK_SECRET",
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")))
            .orElseThrow();
    assertThat(
            target.signature(
                "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void onlyThatReceiverIsTold() {
    ObjectNode payload = webhook().put("target", "alerts");
    assertThatThrownBy(() -> strict.validate(payload)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> handler(false, receiver()).validate(payload))
        .isInstanceOfSatisfying(
            Problem.class,
            p -> assertThat(p.violations()).extracting("pointer").containsExactly("/url"));
    assertThatThrownBy(() -> handler(false, receiver()).validate(webhook().put("target", "x")))
        .isInstanceOf(Problem.class);
  }

  @Test
  void aReplicaWithoutThatReceiverLeavesTheMessageToOthers() {
    ObjectNode payload = webhook().put("target", "alerts");
    payload.remove("url");
    assertThatThrownBy(() -> strict.run(new FixedRun(JOB, payload)))
        .isInstanceOfSatisfying(JobFailed.class, f -> assertThat(f.retryable()).isTrue());
  }

  @Test
  void callsToOthersAreNotSigned() throws Exception {
    handler(true, receiver()).run(new FixedRun(JOB, webhook()));
    assertThat(received).hasSize(1);
    assertThat(headers).doesNotContainKey("webhook-signature");
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://x/y, 0123456789abcdef, ALERT_WEBHOOK_URL",
    "http://x/y, short, ALERT_WEBHOOK_SECRET",
    "http://x/y, whsec_%%%, ALERT_WEBHOOK_SECRET"
  })
  void aReceiverThatCannotBeCalledOrSignedForStopsTheStart(String url, String secret, String name) {
    Settings settings =
        Settings.from(Map.of("ALERT_WEBHOOK_URL", url, "ALERT_WEBHOOK_SECRET", secret));
    assertThatThrownBy(() -> AlertWebhook.from(settings))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageContaining(name)
        .hasMessageNotContaining(secret);
  }

  private Optional<AlertWebhook> receiver() {
    String url = "http://localhost:" + server.getAddress().getPort() + "/alerts";
    byte[] key = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    return Optional.of(new AlertWebhook(URI.create(url), key));
  }

  private static NotificationHandler handler(boolean anywhere, Optional<AlertWebhook> receiver) {
    AddressPolicy policy = anywhere ? AddressPolicy.NO_METADATA : AddressPolicy.PUBLIC;
    return new NotificationHandler(
        new Channels(WebhookCalls.of(policy, receiver, CLOCK), Optional.empty()));
  }

  private ObjectNode webhook() {
    return Json.object()
        .put("channel", "webhook")
        .put("message", "hello")
        .put("url", "http://localhost:" + server.getAddress().getPort() + "/hook");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    exchange
        .getRequestHeaders()
        .forEach((name, all) -> headers.put(name.toLowerCase(Locale.ROOT), all.getFirst()));
    received.add(exchange.getRequestHeaders().getFirst("Idempotency-Key") + " " + body);
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }
}
