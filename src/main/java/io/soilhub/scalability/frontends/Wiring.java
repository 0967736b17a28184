package io.soilhub.scalability.frontends;

import io.soilhub.scalability.access.AllowedHosts;
import io.soilhub.scalability.access.Entrance;
import io.soilhub.scalability.balancing.BalancingSettings;
import io.soilhub.scalability.gateway.Deadlines;
import io.soilhub.scalability.gateway.Gateway;
import io.soilhub.scalability.monitoring.RequestMeter;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
import io.soilhub.scalability.platform.Ticker;
import io.soilhub.scalability.platform.Uuid7;
import io.soilhub.scalability.tracing.Tracing;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Opens the gateway's own port, when there is to be one.
@ApplicationScoped
class Wiring {

  private static final Logger LOG = System.getLogger(Wiring.class.getName());
  private static final Duration BEAT = Duration.ofMillis(200);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @Produces
  @Singleton
  StartupCheck check() {
    return ListenerSettings::check;
  }

  @Produces
  @Singleton
  AccessLog log(Settings settings, Clock clock, Ticker ticker) throws IOException {
    return AccessLog.in(Path.of(settings.text("LOG_DIR", "logs")), clock, ticker);
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
      Problem.Page problems,
      AccessLog log,
      Tracing tracing) {
    RequestSpans spans = new RequestSpans(tracing);
    return new Desk(hosts, entrance, gateway, deadlines, meter, ids, problems, log, spans);
  }

  void start(
      @Observes @Priority(2500) Startup event,
      BalancingSettings balancing,
      Settings settings,
      Instance<Desk> desk,
      Instance<AccessLog> log)
      throws IOException {
    Optional<ListenerSettings> wanted = ListenerSettings.from(settings);
    if (!balancing.enabled() || wanted.isEmpty()) {
      return;
    }
    ListenerSettings at = wanted.get();
    open.push(log.get());
    open.push(Loop.every(BEAT, "gateway-log", log.get()::step));
    open.push(Listener.at(at, desk.get()));
    LOG.log(Level.INFO, "The gateway listens at port {0} as well.", Integer.toString(at.port()));
  }

  /// The listener before its log: the last requests are logged too.
  void stop(@Observes @Priority(50) Shutdown event) throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
