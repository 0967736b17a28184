package io.soilhub.scalability.jobs.notifications;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.notifications.Delivery.Delivered;
import io.soilhub.scalability.jobs.notifications.Delivery.Failed;
import io.soilhub.scalability.platform.core.EmailAddress;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.settings.Setting;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Sends a message, once and now, over the channel that it names. Its form is that of the payload
/// of a `notification` job.
///
/// A webhook is called at least once. No sender can do better: it may die after the receiver has
/// answered. Every call of one message carries its id as Idempotency-Key, by which the receiver can
/// tell a repeat; an e-mail carries it as Message-ID.
public final class Channels {

  /// No send takes longer, whatever the other end does.
  public static final Duration LONGEST_SEND = Duration.ofSeconds(30);

  /// There is a receiver of alerts when it is set.
  public static final Setting<Optional<String>> ALERT_WEBHOOK_URL =
      Setting.optional(
          "ALERT_WEBHOOK_URL",
          "http or https URL",
          "where alerts are posted to; may be a private address");

  /// There is a mail server when it is set.
  public static final Setting<Optional<String>> SMTP_HOST =
      Setting.optional(
          "SMTP_HOST", "name or address", "mail server; without it there is no e-mail");

  private static final Logger LOG = System.getLogger(Channels.class.getName());

  private final WebhookCalls webhooks;
  private final Optional<SmtpMailer> mail;

  /// @param mail empty when there is no mail server
  Channels(WebhookCalls webhooks, Optional<SmtpMailer> mail) {
    this.webhooks = webhooks;
    this.mail = mail;
  }

  /// By which this replica can tell of alerts: `webhook` with ALERT_WEBHOOK_URL, `email` with
  /// SMTP_HOST.
  public Set<String> ofAlerts() {
    Set<String> all = new TreeSet<>();
    if (hasReceiverOfAlerts()) {
      all.add("webhook");
    }
    if (hasMailServer()) {
      all.add("email");
    }
    return all;
  }

  boolean hasReceiverOfAlerts() {
    return webhooks.alerts().isPresent();
  }

  boolean hasMailServer() {
    return mail.isPresent();
  }

  /// @param id the same in every repeat
  /// @param message as [NotificationHandler#validate] takes it
  /// @throws IOException when the receiver cannot be reached: another try makes sense
  public Delivery send(UUID id, ObjectNode message) throws IOException, InterruptedException {
    return switch (message.path("channel").asText()) {
      case "webhook" -> call(id, message);
      case "email" -> email(id, message);
      default -> {
        String text = message.path("message").asText();
        LOG.log(Level.INFO, "{0}: {1}", oneLine(subject(message)), oneLine(text));
        yield new Delivered(OptionalInt.empty());
      }
    };
  }

  /// A message with line breaks in it could forge lines of the log.
  static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
  }

  private Delivery call(UUID id, ObjectNode message) throws IOException, InterruptedException {
    ObjectNode body = Json.object().put("job_id", id.toString());
    body.put("subject", subject(message));
    body.put("message", message.path("message").asText());
    if (message.path("data").isObject()) {
      body.set("data", message.get("data"));
    }
    return message.has("target")
        ? webhooks.alert(id, body)
        : webhooks.call(id, URI.create(message.path("url").asText()), body);
  }

  private Delivery email(UUID id, ObjectNode message) throws InterruptedException {
    if (mail.isEmpty()) {
      return new Failed("NO_MAIL_SERVER", "SMTP_HOST is not set on this replica.");
    }
    InternetAddress to = EmailAddress.of(message.path("to").asText()).orElseThrow();
    String text = message.path("message").asText();
    return mail.get().send(id, to, oneLine(subject(message)), text);
  }

  private static String subject(ObjectNode message) {
    return Optional.of(message.path("subject").asText()).filter(s -> !s.isEmpty()).orElse("notice");
  }
}
