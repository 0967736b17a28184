package io.soilhub.scalability.frontends;

import io.soilhub.scalability.access.AllowedHosts;
import io.soilhub.scalability.access.Entrance;
import io.soilhub.scalability.balancing.BalancingSettings;
import io.soilhub.scalability.gateway.Deadlines;
import io.soilhub.scalability.gateway.Gateway;
import io.soilhub.scalability.monitoring.RequestMeter;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
import io.soilhub.scalability.platform.Uuid7;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/// Opens the gateway's own port.
@ApplicationScoped
class Wiring {

  private static final Logger LOG = System.getLogger(Wiring.class.getName());

  private Optional<Listener> listener = Optional.empty();

  @Produces
  @Singleton
  StartupCheck check() {
    return ListenerSettings::check;
  }

  @Produces
  @Singleton
  Desk desk(
      AllowedHosts hosts,
      Entrance entrance,
      Gateway gateway,
      Deadlines deadlines,
      RequestMeter meter,
      Uuid7 ids,
      Problem.Page problems) {
    return new Desk(hosts, entrance, gateway, deadlines, meter, ids, problems);
  }

  void start(
      @Observes @Priority(2500) Startup event,
      BalancingSettings balancing,
      Settings settings,
      Desk desk)
      throws IOException {
    Optional<ListenerSettings> wanted = ListenerSettings.from(settings);
    if (balancing.enabled() && wanted.isPresent()) {
      ListenerSettings at = wanted.get();
      listener = Optional.of(Listener.at(at.address(), desk, at.grace()));
      LOG.log(Level.INFO, "The gateway listens at port {0} as well.", Integer.toString(at.port()));
    }
  }

  void stop(@Observes @Priority(50) Shutdown event) {
    listener.ifPresent(Listener::close);
  }
}
