package io.soilhub.scalability.jobs.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.engine.JobFailed;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.outbound.AddressPolicy;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.testing.FaultProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// E-mail, to a mail server on a socket.
class SmtpMailerTest {

  private static final UUID JOB = new UUID(1, 2);
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);

  private Duration limit = Channels.LONGEST_SEND;
  private SmtpDouble server;

  @BeforeEach
  void start() throws IOException {
    server = new SmtpDouble();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void aMessageArrivesUnderTheJobsId() throws Exception {
    handler().run(new FixedRun(JOB, payload().put("subject", "Über\r\nBcc: x@y.org")));
    assertThat(server.messages()).hasSize(1);
    assertThat(server.messages().getFirst())
        .contains(
            "Message-ID: <" + JOB + "@soilhub>",
            "To: grower@example.org",
            "From: alerts@example.org",
            "Auto-Submitted: auto-generated",
            "Subject: =?UTF-8?Q?=C3=9Cber_Bcc:_x@y.org?=",
            "\nline one\n.line two\n");
    assertThat(server.commands())
        .contains("MAIL FROM:<alerts@example.org>", "RCPT TO:<grower@example.org>");
  }

  @ParameterizedTest
  @CsvSource({
    "RCPT, 550 unknown, false",
    "RCPT, 450 later, true",
    "MAIL, 553 not you, false",
    "DATA, 554 no, false",
    "DATA, 451 later, true"
  })
  void theServersReplySaysWhetherToTryAgain(String command, String reply, boolean again) {
    server.answer(command, reply);
    assertThatThrownBy(() -> handler().run(new FixedRun(JOB, payload())))
        .isInstanceOfSatisfying(
            JobFailed.class, failed -> assertThat(failed.retryable()).isEqualTo(again))
        .hasMessageContaining(reply.substring(0, 3))
        .hasMessageNotContaining(reply.substring(4));
    assertThat(server.messages()).isEmpty();
  }

  @Test
  void aServerThatIsAwayIsTriedAgain() {
    try (FaultProxy proxy = FaultProxy.before(server.port())) {
      proxy.refuse();
      Map<String, String> variables = variables();
      variables.put("SMTP_PORT", Integer.toString(proxy.port()));
      assertThatThrownBy(() -> handler(variables).run(new FixedRun(JOB, payload())))
          .isInstanceOfSatisfying(JobFailed.class, f -> assertThat(f.retryable()).isTrue());
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.SECONDS)
  void aServerThatNeverSaysAWordIsLeftInTime() throws IOException {
    limit = Duration.ofMillis(200);
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Map<String, String> variables = variables();
      variables.put("SMTP_PORT", Integer.toString(silent.getLocalPort()));
      assertThatThrownBy(() -> handler(variables).run(new FixedRun(JOB, payload())))
          .isInstanceOfSatisfying(JobFailed.class, f -> assertThat(f.retryable()).isTrue());
    }
  }

  @Test
  void nothingIsSaidInTheClearWhereTlsIsWanted() {
    Map<String, String> variables = variables();
    variables.put("SMTP_STARTTLS", "true");
    variables.put("SMTP_USERNAME", "me");
    variables.put("SMTP_PASSWORD", "secret");
    assertThatThrownBy(() -> handler(variables).run(new FixedRun(JOB, payload())))
        .isInstanceOf(JobFailed.class);
    assertThat(server.messages()).isEmpty();
    assertThat(server.commands()).noneMatch(c -> c.startsWith("AUTH") || c.startsWith("MAIL"));
  }

  @Test
  void aLoginIsUsed() throws Exception {
    server.answer("EHLO", "250-test\r\n250 AUTH PLAIN");
    server.answer("AUTH", "235 welcome");
    Map<String, String> variables = variables();
    variables.put("SMTP_USERNAME", "me");
    variables.put("SMTP_PASSWORD", "secret");
    handler(variables).run(new FixedRun(JOB, payload()));
    assertThat(server.commands()).anyMatch(c -> c.startsWith("AUTH PLAIN"));
    assertThat(server.messages()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "grower",
        "grower@",
        "@example.org",
        "a@x.org,b@x.org",
        "a@x.org\r\nRCPT TO:<b@x.org>",
        "Grower <grower@example.org>",
        "a b@x.org"
      })
  void whatIsNotOneAddressIsRefusedAtSubmission(String to) {
    assertThatThrownBy(() -> handler().validate(payload().put("to", to)))
        .isInstanceOfSatisfying(
            Problem.class,
            p -> assertThat(p.violations()).extracting("pointer").containsExactly("/to"));
  }

  @Test
  void withoutAServerEmailIsRefusedAtSubmission() {
    assertThatThrownBy(() -> handler(Map.of()).validate(payload()))
        .isInstanceOfSatisfying(
            Problem.class,
            p -> assertThat(p.violations()).extracting("pointer").containsExactly("/channel"));
  }

  @Test
  void aReplicaWithoutAServerLeavesTheMessageToOthers() {
    assertThatThrownBy(() -> handler(Map.of()).run(new FixedRun(JOB, payload())))
        .isInstanceOfSatisfying(JobFailed.class, f -> assertThat(f.retryable()).isTrue());
  }

  @Test
  void aPasswordIsNotSentToAnotherMachineInTheClear() {
    Map<String, String> variables = variables();
    variables.put("SMTP_HOST", "mail.example.org");
    variables.put("SMTP_USERNAME", "me");
    assertThatThrownBy(() -> SmtpSettings.from(Settings.from(variables)))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageContaining("SMTP_STARTTLS");
  }

  private NotificationHandler handler() {
    return handler(variables());
  }

  private NotificationHandler handler(Map<String, String> variables) {
    return new NotificationHandler(
        new Channels(
            WebhookCalls.of(AddressPolicy.PUBLIC, Optional.empty(), CLOCK),
            SmtpSettings.from(Settings.from(variables)).map(s -> new SmtpMailer(s, CLOCK, limit))));
  }

  private Map<String, String> variables() {
    return new HashMap<>(
        Map.of(
            "SMTP_HOST", "localhost",
            "SMTP_PORT", Integer.toString(server.port()),
            "SMTP_STARTTLS", "false",
            "SMTP_FROM", "alerts@example.org"));
  }

  private static ObjectNode payload() {
    return Json.object()
        .put("channel", "email")
        .put("to", "grower@example.org")
        .put("message", "line one\n.line two\n");
  }
}
