package io.soilhub.scalability.jobs.notifications;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.engine.JobFailed;
import io.soilhub.scalability.jobs.engine.JobHandler;
import io.soilhub.scalability.jobs.engine.JobQueue;
import io.soilhub.scalability.jobs.engine.JobRun;
import io.soilhub.scalability.jobs.notifications.Delivery.Delivered;
import io.soilhub.scalability.jobs.notifications.Delivery.Failed;
import io.soilhub.scalability.jobs.notifications.Delivery.Refused;
import io.soilhub.scalability.platform.core.EmailAddress;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.http.Violations;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Sends a message: `{channel: log, webhook or email, message, subject?, url? or target?, to?,
/// data?}`. `target: alerts` is the webhook that ALERT_WEBHOOK_URL names; `data` goes with a
/// webhook as it is. The job's id is the message's.
final class NotificationHandler implements JobHandler {

  private static final int LONGEST_MESSAGE = 10_000;
  private static final int LONGEST_SUBJECT = 200;
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "log", Set.of("channel", "message", "subject"),
          "webhook", Set.of("channel", "message", "subject", "url", "target", "data"),
          "email", Set.of("channel", "message", "subject", "to"));

  private final Channels channels;

  NotificationHandler(Channels channels) {
    this.channels = channels;
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
    Violations violations = new Violations();
    String channel = payload.path("channel").asText();
    Set<String> known = KNOWN.getOrDefault(channel, KNOWN.get("log"));
    for (String name : new TreeSet<>(payload.properties().stream().map(p -> p.getKey()).toList())) {
      if (!known.contains(name)) {
        violations.add("/" + name, "is not known");
      }
    }
    text(payload, "message", LONGEST_MESSAGE, true, violations);
    text(payload, "subject", LONGEST_SUBJECT, false, violations);
    switch (channel) {
      case "log" -> {}
      case "webhook" -> checkWebhook(payload, violations);
      case "email" -> checkEmail(payload, violations);
      default -> violations.add("/channel", "must be log, webhook or email");
    }
    violations.raise();
  }

  private void checkWebhook(ObjectNode payload, Violations violations) {
    JsonNode data = payload.path("data");
    if (!data.isMissingNode() && !data.isObject()) {
      violations.add("/data", "must be an object");
    }
    JsonNode target = payload.path("target");
    if (target.isMissingNode()) {
      WebhookAddressPolicy.fault(payload.path("url").asText())
          .ifPresent(fault -> violations.add("/url", fault));
    } else if (!target.asText().equals("alerts") || !channels.hasReceiverOfAlerts()) {
      violations.add("/target", "must be alerts, with ALERT_WEBHOOK_URL set");
    } else if (payload.has("url")) {
      violations.add("/url", "cannot be given together with target");
    }
  }

  private void checkEmail(ObjectNode payload, Violations violations) {
    if (!channels.hasMailServer()) {
      violations.add("/channel", "email is not offered: SMTP_HOST is not set");
    }
    if (EmailAddress.of(payload.path("to").asText()).isEmpty()) {
      violations.add("/to", "must be one address of the form name@domain");
    }
  }

  @Override
  public JsonNode run(JobRun run) throws IOException, InterruptedException {
    ObjectNode result = Json.object().put("channel", run.payload().path("channel").asText());
    switch (channels.send(run.jobId(), run.payload())) {
      case Delivered delivered -> delivered.status().ifPresent(code -> result.put("status", code));
      case Failed failed -> throw JobFailed.transiently(failed.type(), failed.reason());
      case Refused refused -> throw JobFailed.permanently(refused.type(), refused.reason());
    }
    return result;
  }

  private static void text(
      ObjectNode payload, String name, int longest, boolean required, Violations violations) {
    JsonNode value = payload.path(name);
    boolean missing = value.isMissingNode() || value.isNull();
    if (missing && required) {
      violations.add("/" + name, "is required");
    } else if (!missing && (!value.isTextual() || value.asText().length() > longest)) {
      violations.add("/" + name, "must be text of at most %d characters".formatted(longest));
    }
  }
}
