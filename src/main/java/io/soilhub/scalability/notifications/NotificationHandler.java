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
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Sends a message: `{channel: log or webhook, message, subject?, url?}`.
///
/// A webhook is called at least once. No sender can do better: it may die after the receiver has
/// answered. Every call of one notification carries the job's id as Idempotency-Key, by which the
/// receiver can tell a repeat.
final class NotificationHandler implements JobHandler {

  private static final Logger LOG = System.getLogger(NotificationHandler.class.getName());
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);
  private static final int LONGEST_MESSAGE = 10_000;
  private static final int LONGEST_SUBJECT = 200;
  private static final Set<String> KNOWN = Set.of("channel", "message", "subject", "url");

  /// Statuses below 500 that are worth another try: timeout, too early, too many requests.
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  private final WebhookTarget target;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_LIMIT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  NotificationHandler(WebhookTarget target) {
    this.target = target;
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
    for (String name : new TreeSet<>(payload.properties().stream().map(p -> p.getKey()).toList())) {
      if (!KNOWN.contains(name)) {
        found.add(new Violation("/" + name, "is not known"));
      }
    }
    text(payload, "message", LONGEST_MESSAGE, true, found);
    text(payload, "subject", LONGEST_SUBJECT, false, found);
    switch (payload.path("channel").asText()) {
      case "log" -> {}
      case "webhook" ->
          target
              .fault(payload.path("url").asText())
              .ifPresent(fault -> found.add(new Violation("/url", fault)));
      case "email" ->
          found.add(new Violation("/channel", "email is not offered: use webhook or log"));
      default -> found.add(new Violation("/channel", "must be log or webhook"));
    }
    if (!found.isEmpty()) {
      throw Problem.invalid(found);
    }
  }

  @Override
  public JsonNode run(JobRun run) throws IOException, InterruptedException {
    ObjectNode payload = run.payload();
    String channel = payload.path("channel").asText();
    ObjectNode result = Json.object().put("channel", channel);
    if (channel.equals("webhook")) {
      return result.put("status", call(run, URI.create(payload.path("url").asText())));
    }
    LOG.log(
        Level.INFO,
        "{0}: {1}",
        oneLine(subject(payload)),
        oneLine(payload.path("message").asText()));
    return result;
  }

  /// A message with line breaks in it could forge lines of the log.
  static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
  }

  private int call(JobRun run, URI url) throws IOException, InterruptedException {
    if (!target.reachable(url)) {
      throw JobFailed.permanently(
          "FORBIDDEN_TARGET", "The webhook's host has an address that must not be called.");
    }
    ObjectNode body = Json.object().put("job_id", run.jobId().toString());
    body.put("subject", subject(run.payload()));
    body.put("message", run.payload().path("message").asText());
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(ANSWER_LIMIT)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", run.jobId().toString())
            .POST(BodyPublishers.ofString(Json.write(body)))
            .build();
    int status = http.send(request, BodyHandlers.discarding()).statusCode();
    if (status >= 200 && status < 300) {
      return status;
    }
    String message = "The webhook answered with status %d.".formatted(status);
    throw status >= 500 || PASSING.contains(status)
        ? JobFailed.transiently("WEBHOOK_FAILED", message)
        : JobFailed.permanently("WEBHOOK_REFUSED", message);
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
