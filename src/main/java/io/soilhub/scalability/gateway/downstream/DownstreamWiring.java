package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.access.AllowedHosts;
import io.soilhub.scalability.access.RequestAuthorizer;
import io.soilhub.scalability.balancing.registry.BalancingSettings;
import io.soilhub.scalability.gateway.proxy.Deadlines;
import io.soilhub.scalability.gateway.proxy.Gateway;
import io.soilhub.scalability.platform.core.PeriodicTask;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.settings.ServerSettings;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import io.soilhub.scalability.telemetry.metrics.RequestMeter;
import io.soilhub.scalability.telemetry.tracing.Tracing;
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
class DownstreamWiring {

  private static final Logger LOG = System.getLogger(DownstreamWiring.class.getName());
  private static final Duration BEAT = Duration.ofMillis(200);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @Produces
  @Singleton
  StartupCheck check() {
    return new StartupCheck(GatewayListenerSettings.ALL, GatewayListenerSettings::check);
  }

  @Produces
  @Singleton
  AccessLog log(Settings settings, Clock clock, Ticker ticker) throws IOException {
    return AccessLog.in(Path.of(ServerSettings.LOG_DIR.read(settings)), clock, ticker);
  }

  @Produces
  @Singleton
  RequestHandler handler(
      AllowedHosts hosts,
      RequestAuthorizer requestAuthorizer,
      Gateway gateway,
      RequestMeter meter,
      Uuid7 ids,
      Problem.Page problems,
      AccessLog log,
      Tracing tracing) {
    RequestSpans spans = new RequestSpans(tracing);
    return new RequestHandler(hosts, requestAuthorizer, gateway, meter, ids, problems, log, spans);
  }

  void start(
      @Observes @Priority(Phases.TRAFFIC) Startup event,
      BalancingSettings balancing,
      Settings settings,
      Deadlines deadlines,
      Instance<RequestHandler> handler,
      Instance<AccessLog> log)
      throws IOException {
    Optional<GatewayListenerSettings> wanted = GatewayListenerSettings.from(settings);
    if (!balancing.enabled() || wanted.isEmpty()) {
      return;
    }
    GatewayListenerSettings at = wanted.get();
    open.push(log.get());
    open.push(PeriodicTask.every(BEAT, "gateway-log", log.get()::step));
    open.push(GatewayListener.at(at, handler.get(), deadlines));
    LOG.log(Level.INFO, "The gateway listens at port {0} as well.", Integer.toString(at.port()));
  }

  /// The listener before its log: the last requests are logged too.
  void stop(@Observes @Priority(Phases.STOP - Phases.TRAFFIC) Shutdown event) throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
