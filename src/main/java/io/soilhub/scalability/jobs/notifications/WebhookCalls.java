package io.soilhub.scalability.jobs.notifications;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.notifications.Delivery.Delivered;
import io.soilhub.scalability.jobs.notifications.Delivery.Failed;
import io.soilhub.scalability.jobs.notifications.Delivery.Refused;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.outbound.AddressPolicy;
import io.soilhub.scalability.platform.outbound.ForbiddenAddress;
import io.soilhub.scalability.platform.outbound.OutboundClient;
import io.soilhub.scalability.platform.outbound.OutboundRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/// Posts messages to webhooks: to those that callers name, and, signed, to the receiver of alerts,
/// which whoever runs the service has named.
///
/// @param http for targets that callers name
/// @param alerts the receiver of alerts, when there is one
record WebhookCalls(
    OutboundClient http, Optional<AlertWebhook> alerts, OutboundClient alertHttp, Clock clock) {

  private static final OutboundClient.Limits LIMITS =
      new OutboundClient.Limits(Duration.ofSeconds(5), Duration.ofSeconds(15), 0);

  /// Statuses below 500 that are worth another try: timeout, too early, too many requests.
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  /// @param policy of the addresses of targets that callers name
  static WebhookCalls of(AddressPolicy policy, Optional<AlertWebhook> alerts, Clock clock) {
    return new WebhookCalls(
        new OutboundClient(policy, LIMITS),
        alerts,
        new OutboundClient(AddressPolicy.ANY, LIMITS),
        clock);
  }

  Delivery call(UUID id, URI url, ObjectNode body) throws IOException, InterruptedException {
    try {
      return send(http, request(id, url, Json.write(body)));
    } catch (ForbiddenAddress e) {
      return new Refused("FORBIDDEN_TARGET", "The webhook was not called: " + e.getMessage() + ".");
    }
  }

  /// The same to the receiver of alerts. A replica without one may be about to be replaced, or to
  /// replace others: another one may know the address.
  Delivery alert(UUID id, ObjectNode body) throws IOException, InterruptedException {
    if (alerts.isEmpty()) {
      return new Failed("NO_RECEIVER", "ALERT_WEBHOOK_URL is not set on this replica.");
    }
    AlertWebhook receiver = alerts.get();
    String text = Json.write(body);
    long now = clock.instant().getEpochSecond();
    return send(
        alertHttp,
        request(id, receiver.url(), text)
            .with("webhook-id", id.toString())
            .with("webhook-timestamp", Long.toString(now))
            .with("webhook-signature", receiver.signature(id.toString(), now, text)));
  }

  private static OutboundRequest request(UUID id, URI url, String body) {
    return OutboundRequest.of("POST", url).json(body).with("Idempotency-Key", id.toString());
  }

  private static Delivery send(OutboundClient client, OutboundRequest request)
      throws IOException, InterruptedException {
    int status = client.status(request);
    if (status >= 200 && status < 300) {
      return new Delivered(OptionalInt.of(status));
    }
    String reason = "The webhook answered with status %d.".formatted(status);
    return status >= 500 || PASSING.contains(status)
        ? new Failed("WEBHOOK_FAILED", reason)
        : new Refused("WEBHOOK_REFUSED", reason);
  }
}
