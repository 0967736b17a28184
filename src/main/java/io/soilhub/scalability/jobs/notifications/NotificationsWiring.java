package io.soilhub.scalability.jobs.notifications;

import io.soilhub.scalability.jobs.engine.JobHandler;
import io.soilhub.scalability.platform.outbound.AddressPolicy;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;

/// Brings the channels and the handler of notifications; WEBHOOK_ALLOW_PRIVATE (default false) lets
/// webhooks call private addresses, but no metadata.
@ApplicationScoped
class NotificationsWiring {

  private static final Setting<Boolean> ALLOW_PRIVATE =
      Setting.flag("WEBHOOK_ALLOW_PRIVATE", false, "let webhooks call private addresses");

  @Produces
  @Singleton
  StartupCheck webhooks() {
    return new StartupCheck(List.of(ALLOW_PRIVATE));
  }

  @Produces
  @Singleton
  StartupCheck alertTarget() {
    return new StartupCheck(AlertWebhook.ALL, AlertWebhook::from);
  }

  @Produces
  @Singleton
  StartupCheck smtpSettings() {
    return new StartupCheck(SmtpSettings.ALL, SmtpSettings::from);
  }

  @Produces
  @Singleton
  Channels channels(Settings settings, Clock clock) {
    AddressPolicy policy =
        ALLOW_PRIVATE.read(settings) ? AddressPolicy.NO_METADATA : AddressPolicy.PUBLIC;
    return new Channels(
        WebhookCalls.of(policy, AlertWebhook.from(settings), clock),
        SmtpSettings.from(settings)
            .map(server -> new SmtpMailer(server, clock, Channels.LONGEST_SEND)));
  }

  @Produces
  @Singleton
  JobHandler notifications(Channels channels) {
    return new NotificationHandler(channels);
  }
}
