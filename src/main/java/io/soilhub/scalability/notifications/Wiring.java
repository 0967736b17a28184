package io.soilhub.scalability.notifications;

import io.soilhub.scalability.jobs.JobHandler;
import io.soilhub.scalability.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Brings the handler of notifications; WEBHOOK_ALLOW_PRIVATE (default false) lets webhooks call
/// private addresses.
@ApplicationScoped
class Wiring {

  @Produces
  @Singleton
  JobHandler notifications(Settings settings) {
    boolean allowPrivate = settings.flag("WEBHOOK_ALLOW_PRIVATE", false);
    return new NotificationHandler(new WebhookTarget(allowPrivate));
  }
}
