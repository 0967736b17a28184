package io.soilhub.scalability.monitoring.alerts;

import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.SECONDS;

import io.soilhub.scalability.jobs.notifications.Channels;
import io.soilhub.scalability.monitoring.alerts.NotificationDelivery.Owed;
import io.soilhub.scalability.platform.core.EmailAddress;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/// How often the rules are evaluated and who is told, besides the log.
///
/// @param webhook whether there is one; its address and secret are the sender's business
/// @param recipients addresses of e-mail
/// @param retention of alerts that have ended
record AlertSettings(
    Duration interval, boolean webhook, List<String> recipients, Duration retention) {

  private static final int MOST_RECIPIENTS = 20;
  private static final int GAP_INTERVALS = 4;

  /// However short the interval: a leader that follows another takes half of it, and thousands of
  /// alerts take seconds to evaluate.
  private static final Duration LEAST_GAP = Duration.ofMinutes(1);

  private static final Setting<Duration> INTERVAL =
      Setting.duration(
          "ALERT_INTERVAL_SECONDS", SECONDS, 15, 1, 3600, "between two evaluations of the rules");

  private static final Setting<List<String>> EMAIL_TO =
      Setting.list("ALERT_EMAIL_TO", "", "addresses with commas", "who gets alerts by e-mail");

  private static final Setting<Duration> RETENTION =
      Setting.duration(
          "ALERT_RETENTION_DAYS", DAYS, 90, 1, 3650, "how long alerts are kept after their end");

  static final List<Setting<?>> ALL = List.of(INTERVAL, EMAIL_TO, RETENTION);

  AlertSettings {
    recipients = List.copyOf(recipients);
  }

  /// @throws Settings.InvalidSetting for a channel that lacks a part
  static AlertSettings from(Settings settings) {
    List<String> recipients = EMAIL_TO.read(settings);
    if (recipients.size() > MOST_RECIPIENTS) {
      throw new Settings.InvalidSetting(
          EMAIL_TO.name(),
          recipients.size() + " addresses",
          "at most %d addresses".formatted(MOST_RECIPIENTS));
    }
    for (String recipient : recipients) {
      if (EmailAddress.of(recipient).isEmpty()) {
        throw new Settings.InvalidSetting(
            EMAIL_TO.name(), recipient, "addresses such as grower@example.org, with commas");
      }
    }
    if (!recipients.isEmpty() && Channels.SMTP_HOST.read(settings).isEmpty()) {
      throw new Settings.InvalidSetting(
          Channels.SMTP_HOST.name(), "", "set while ALERT_EMAIL_TO is");
    }
    return new AlertSettings(
        INTERVAL.read(settings),
        Channels.ALERT_WEBHOOK_URL.read(settings).isPresent(),
        recipients,
        RETENTION.read(settings));
  }

  /// Between two evaluations, so that what was seen before still counts: a leader may change.
  Duration longestGap() {
    Duration gap = interval.multipliedBy(GAP_INTERVALS);
    return gap.compareTo(LEAST_GAP) > 0 ? gap : LEAST_GAP;
  }

  /// One for each who is told, so that each is tried by itself.
  List<Owed> owed(AlertNotification alertNotification, Supplier<UUID> ids) {
    List<Owed> all = new ArrayList<>();
    if (webhook) {
      all.add(
          new Owed(ids.get(), "webhook", alertNotification.rule(), alertNotification.webhook()));
    }
    for (String to : recipients) {
      all.add(
          new Owed(
              ids.get(), "email:" + to, alertNotification.rule(), alertNotification.email(to)));
    }
    return all;
  }
}
