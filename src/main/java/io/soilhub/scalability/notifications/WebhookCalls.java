package io.soilhub.scalability.notifications;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.JobFailed;
import io.soilhub.scalability.platform.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Posts messages to webhooks: to any address that callers may name, and, signed, to the receiver
/// of alerts.
///
/// @param alerts the receiver of alerts, when there is one
/// @param http follows no redirects
record WebhookCalls(
    WebhookTarget target, Optional<AlertTarget> alerts, Clock clock, HttpClient http) {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);

  /// Statuses below 500 that are worth another try: timeout, too early, too many requests.
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  WebhookCalls(WebhookTarget target, Optional<AlertTarget> alerts, Clock clock) {
    this(
        target,
        alerts,
        clock,
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build());
  }

  /// @return the receiver's status, of success
  /// @throws JobFailed for any other, which says whether another try makes sense
  int call(UUID jobId, URI url, ObjectNode body) throws IOException, InterruptedException {
    if (!target.reachable(url)) {
      throw JobFailed.permanently(
          "FORBIDDEN_TARGET", "The webhook's host has an address that must not be called.");
    }
    return send(request(jobId, url, Json.write(body)));
  }

  /// The same to the receiver of alerts.
  int alert(UUID jobId, ObjectNode body) throws IOException, InterruptedException {
    AlertTarget receiver =
        alerts.orElseThrow(
            () -> JobFailed.permanently("NO_RECEIVER", "ALERT_WEBHOOK_URL is not set."));
    String text = Json.write(body);
    long now = clock.instant().getEpochSecond();
    return send(
        request(jobId, receiver.url(), text)
            .header("webhook-id", jobId.toString())
            .header("webhook-timestamp", Long.toString(now))
            .header("webhook-signature", receiver.signature(jobId.toString(), now, text)));
  }

  private static HttpRequest.Builder request(UUID jobId, URI url, String body) {
    return HttpRequest.newBuilder(url)
        .timeout(ANSWER_LIMIT)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", jobId.toString())
        .POST(BodyPublishers.ofString(body));
  }

  private int send(HttpRequest.Builder request) throws IOException, InterruptedException {
    // The time limit of a request ends with the header, so the body, of no interest, is not read.
    var answer = http.send(request.build(), BodyHandlers.ofInputStream());
    answer.body().close();
    int status = answer.statusCode();
    if (status >= 200 && status < 300) {
      return status;
    }
    String message = "The webhook answered with status %d.".formatted(status);
    throw status >= 500 || PASSING.contains(status)
        ? JobFailed.transiently("WEBHOOK_FAILED", message)
        : JobFailed.permanently("WEBHOOK_REFUSED", message);
  }
}
