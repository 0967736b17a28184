package io.soilhub.scalability.notifications;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.JobFailed;
import io.soilhub.scalability.outbound.AddressPolicy;
import io.soilhub.scalability.outbound.ForbiddenAddress;
import io.soilhub.scalability.outbound.OutboundClient;
import io.soilhub.scalability.outbound.OutboundRequest;
import io.soilhub.scalability.platform.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Posts messages to webhooks: to those that callers name, and, signed, to the receiver of alerts,
/// which whoever runs the service has named.
///
/// @param http for targets that callers name
/// @param alerts the receiver of alerts, when there is one
record WebhookCalls(
    OutboundClient http, Optional<AlertTarget> alerts, OutboundClient alertHttp, Clock clock) {

  private static final OutboundClient.Limits LIMITS =
      new OutboundClient.Limits(Duration.ofSeconds(5), Duration.ofSeconds(15), 0);

  /// Statuses below 500 that are worth another try: timeout, too early, too many requests.
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  /// @param policy of the addresses of targets that callers name
  static WebhookCalls of(AddressPolicy policy, Optional<AlertTarget> alerts, Clock clock) {
    return new WebhookCalls(
        new OutboundClient(policy, LIMITS),
        alerts,
        new OutboundClient(AddressPolicy.ANY, LIMITS),
        clock);
  }

  /// @return the receiver's status, of success
  /// @throws JobFailed for any other, which says whether another try makes sense
  int call(UUID jobId, URI url, ObjectNode body) throws IOException, InterruptedException {
    try {
      return send(http, request(jobId, url, Json.write(body)));
    } catch (ForbiddenAddress e) {
      throw JobFailed.permanently(
          "FORBIDDEN_TARGET", "The webhook was not called: " + e.getMessage() + ".");
    }
  }

  /// The same to the receiver of alerts.
  int alert(UUID jobId, ObjectNode body) throws IOException, InterruptedException {
    AlertTarget receiver =
        alerts.orElseThrow(
            () -> JobFailed.permanently("NO_RECEIVER", "ALERT_WEBHOOK_URL is not set."));
    String text = Json.write(body);
    long now = clock.instant().getEpochSecond();
    return send(
        alertHttp,
        request(jobId, receiver.url(), text)
            .with("webhook-id", jobId.toString())
            .with("webhook-timestamp", Long.toString(now))
            .with("webhook-signature", receiver.signature(jobId.toString(), now, text)));
  }

  private static OutboundRequest request(UUID jobId, URI url, String body) {
    return OutboundRequest.of("POST", url).json(body).with("Idempotency-Key", jobId.toString());
  }

  private static int send(OutboundClient client, OutboundRequest request)
      throws IOException, InterruptedException {
    int status = client.status(request);
    if (status >= 200 && status < 300) {
      return status;
    }
    String message = "The webhook answered with status %d.".formatted(status);
    throw status >= 500 || PASSING.contains(status)
        ? JobFailed.transiently("WEBHOOK_FAILED", message)
        : JobFailed.permanently("WEBHOOK_REFUSED", message);
  }
}
