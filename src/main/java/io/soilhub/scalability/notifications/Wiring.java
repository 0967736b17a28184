package io.soilhub.scalability.notifications;

import io.soilhub.scalability.jobs.JobHandler;
import io.soilhub.scalability.outbound.AddressPolicy;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/// Brings the channels and the handler of notifications; WEBHOOK_ALLOW_PRIVATE (default false) lets
/// webhooks call private addresses, but no metadata.
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
  Channels channels(Settings settings, Clock clock) {
    AddressPolicy policy =
        settings.flag("WEBHOOK_ALLOW_PRIVATE", false)
            ? AddressPolicy.NO_METADATA
            : AddressPolicy.PUBLIC;
    return new Channels(
        WebhookCalls.of(policy, AlertTarget.from(settings), clock),
        SmtpSettings.from(settings).map(server -> new Mail(server, clock, Channels.LONGEST_SEND)));
  }

  @Produces
  @Singleton
  JobHandler notifications(Channels channels) {
    return new NotificationHandler(channels);
  }
}
