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
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Problem.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
      WebhookAddressPolicy.fault(payload.path("url").asText())
          .ifPresent(fault -> found.add(new Violation("/url", fault)));
    } else if (!target.asText().equals("alerts") || !channels.hasReceiverOfAlerts()) {
      found.add(new Violation("/target", "must be alerts, with ALERT_WEBHOOK_URL set"));
    } else if (payload.has("url")) {
      found.add(new Violation("/url", "cannot be given together with target"));
    }
  }

  private void checkEmail(ObjectNode payload, List<Violation> found) {
    if (!channels.hasMailServer()) {
      found.add(new Violation("/channel", "email is not offered: SMTP_HOST is not set"));
    }
    if (EmailAddress.of(payload.path("to").asText()).isEmpty()) {
      found.add(new Violation("/to", "must be one address of the form name@domain"));
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
