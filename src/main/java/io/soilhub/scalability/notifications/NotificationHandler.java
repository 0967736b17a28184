package io.soilhub.scalability.notifications;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.JobFailed;
import io.soilhub.scalability.jobs.JobHandler;
import io.soilhub.scalability.jobs.JobQueue;
import io.soilhub.scalability.jobs.JobRun;
import io.soilhub.scalability.platform.Json;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.Problem.Violation;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Sends a message: `{channel: log, webhook or email, message, subject?, url? or target?, to?,
/// data?}`. `target: alerts` is the webhook that ALERT_WEBHOOK_URL names; `data` goes with a
/// webhook as it is.
///
/// A webhook is called at least once. No sender can do better: it may die after the receiver has
/// answered. Every call of one notification carries the job's id as Idempotency-Key, by which the
/// receiver can tell a repeat; an e-mail carries it as Message-ID.
final class NotificationHandler implements JobHandler {

  private static final Logger LOG = System.getLogger(NotificationHandler.class.getName());
  private static final int LONGEST_MESSAGE = 10_000;
  private static final int LONGEST_SUBJECT = 200;
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "log", Set.of("channel", "message", "subject"),
          "webhook", Set.of("channel", "message", "subject", "url", "target", "data"),
          "email", Set.of("channel", "message", "subject", "to"));

  private final WebhookCalls webhooks;
  private final Optional<Mail> mail;

  /// @param mail empty when there is no mail server
  NotificationHandler(WebhookCalls webhooks, Optional<Mail> mail) {
    this.webhooks = webhooks;
    this.mail = mail;
  }

  @Override
  public String jobType() {
    return "notification";
  }

  @Override
  public JobQueue defaultQueue() {
    return JobQueue.NOTIFICATIONS;
  }

  @Override
  public void validate(ObjectNode payload) {
    List<Violation> found = new ArrayList<>();
    String channel = payload.path("channel").asText();
    Set<String> known = KNOWN.getOrDefault(channel, KNOWN.get("log"));
    for (String name : new TreeSet<>(payload.properties().stream().map(p -> p.getKey()).toList())) {
      if (!known.contains(name)) {
        found.add(new Violation("/" + name, "is not known"));
      }
    }
    text(payload, "message", LONGEST_MESSAGE, true, found);
    text(payload, "subject", LONGEST_SUBJECT, false, found);
    switch (channel) {
      case "log" -> {}
      case "webhook" -> checkWebhook(payload, found);
      case "email" -> checkEmail(payload, found);
      default -> found.add(new Violation("/channel", "must be log, webhook or email"));
    }
    if (!found.isEmpty()) {
      throw Problem.invalid(found);
    }
  }

  private void checkWebhook(ObjectNode payload, List<Violation> found) {
    JsonNode data = payload.path("data");
    if (!data.isMissingNode() && !data.isObject()) {
      found.add(new Violation("/data", "must be an object"));
    }
    JsonNode target = payload.path("target");
    if (target.isMissingNode()) {
      WebhookTarget.fault(payload.path("url").asText())
          .ifPresent(fault -> found.add(new Violation("/url", fault)));
    } else if (!target.asText().equals("alerts") || webhooks.alerts().isEmpty()) {
      found.add(new Violation("/target", "must be alerts, with ALERT_WEBHOOK_URL set"));
    } else if (payload.has("url")) {
      found.add(new Violation("/url", "cannot be given together with target"));
    }
  }

  private void checkEmail(ObjectNode payload, List<Violation> found) {
    if (mail.isEmpty()) {
      found.add(new Violation("/channel", "email is not offered: SMTP_HOST is not set"));
    }
    if (EmailAddress.of(payload.path("to").asText()).isEmpty()) {
      found.add(new Violation("/to", "must be one address of the form name@domain"));
    }
  }

  @Override
  public JsonNode run(JobRun run) throws IOException, InterruptedException {
    ObjectNode payload = run.payload();
    String channel = payload.path("channel").asText();
    ObjectNode result = Json.object().put("channel", channel);
    switch (channel) {
      case "webhook" -> result.put("status", call(run));
      case "email" -> email(run);
      default ->
          LOG.log(
              Level.INFO,
              "{0}: {1}",
              oneLine(subject(payload)),
              oneLine(payload.path("message").asText()));
    }
    return result;
  }

  /// A message with line breaks in it could forge lines of the log.
  static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
  }

  private int call(JobRun run) throws IOException, InterruptedException {
    ObjectNode payload = run.payload();
    ObjectNode body = Json.object().put("job_id", run.jobId().toString());
    body.put("subject", subject(payload));
    body.put("message", payload.path("message").asText());
    if (payload.path("data").isObject()) {
      body.set("data", payload.get("data"));
    }
    return payload.has("target")
        ? webhooks.alert(run.jobId(), body)
        : webhooks.call(run.jobId(), URI.create(payload.path("url").asText()), body);
  }

  private void email(JobRun run) {
    ObjectNode payload = run.payload();
    Mail server =
        mail.orElseThrow(() -> JobFailed.permanently("NO_MAIL_SERVER", "SMTP_HOST is not set."));
    InternetAddress to = EmailAddress.of(payload.path("to").asText()).orElseThrow();
    String message = payload.path("message").asText();
    server.send(run.jobId(), to, oneLine(subject(payload)), message);
  }

  private static String subject(ObjectNode payload) {
    return Optional.of(payload.path("subject").asText()).filter(s -> !s.isEmpty()).orElse("notice");
  }

  private static void text(
      ObjectNode payload, String name, int longest, boolean required, List<Violation> found) {
    JsonNode value = payload.path(name);
    boolean missing = value.isMissingNode() || value.isNull();
    if (missing && required) {
      found.add(new Violation("/" + name, "is required"));
    } else if (!missing && (!value.isTextual() || value.asText().length() > longest)) {
      found.add(
          new Violation("/" + name, "must be text of at most %d characters".formatted(longest)));
    }
  }
}
