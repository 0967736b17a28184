package io.soilhub.scalability.notifications;

import io.soilhub.scalability.jobs.JobHandler;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/// Brings the handler of notifications; WEBHOOK_ALLOW_PRIVATE (default false) lets webhooks call
/// private addresses.
@ApplicationScoped
class Wiring {

  @Produces
  @Singleton
  StartupCheck check() {
    return settings -> {
      AlertTarget.from(settings);
      SmtpSettings.from(settings);
    };
  }

  @Produces
  @Singleton
  JobHandler notifications(Settings settings, Clock clock) {
    boolean allowPrivate = settings.flag("WEBHOOK_ALLOW_PRIVATE", false);
    WebhookCalls webhooks =
        new WebhookCalls(new WebhookTarget(allowPrivate), AlertTarget.from(settings), clock);
    return new NotificationHandler(
        webhooks, SmtpSettings.from(settings).map(server -> new Mail(server, clock)));
  }
}
