package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.fleet.ForwardListener;
import io.soilhub.scalability.balancing.registry.AllowedAddresses;
import io.soilhub.scalability.balancing.registry.BalancingSettings;
import io.soilhub.scalability.balancing.registry.InstanceRegistry;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import io.soilhub.scalability.telemetry.metrics.Operations;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Makes the gateway, its deadlines and its metrics.
@ApplicationScoped
class ProxyWiring {

  private static final Setting<List<String>> TRUSTED_PROXIES =
      Setting.list(
          "TRUSTED_PROXY_CIDRS",
          "",
          "ranges with commas",
          "peers whose Forwarded and X-Forwarded-* the gateway believes");

  private static final Setting<Integer> MAX_BODY =
      Setting.integer(
          "GATEWAY_MAX_BODY_BYTES",
          100 << 20,
          1024,
          1 << 30,
          "longest body that passes through the gateway");

  private static final Duration BEAT = Duration.ofMillis(100);
  private static final Duration TIDYING = Duration.ofSeconds(10);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  StartupCheck check() {
    return new StartupCheck(
        List.of(TRUSTED_PROXIES, MAX_BODY),
        settings -> AllowedAddresses.from(settings, TRUSTED_PROXIES));
  }

  @Produces
  @Singleton
  Deadlines deadlines(Ticker ticker) {
    return new Deadlines(ticker);
  }

  @Produces
  @Singleton
  ServiceStates states(Ticker ticker) {
    return new ServiceStates(ticker);
  }

  @Produces
  @Singleton
  Gateway gateway(
      InstanceRegistry registry,
      Upstream upstream,
      Deadlines deadlines,
      Settings settings,
      ServiceStates states,
      Tracing tracing) {
    AllowedAddresses trusted = AllowedAddresses.from(settings, TRUSTED_PROXIES);
    int maxBody = MAX_BODY.read(settings);
    return new Gateway(
        registry::pool,
        TracedUpstream.of(upstream, tracing),
        deadlines,
        trusted::allows,
        maxBody,
        tracing.carrying(threads),
        states);
  }

  @Produces
  @Singleton
  GatewayMetrics metrics() {
    return new GatewayMetrics();
  }

  /// Times the requests of each service as an operation of the monitor.
  @Produces
  @Singleton
  ForwardListener timers(Operations operations) {
    return forward ->
        operations
            .timer("gateway." + forward.service())
            .record(forward.latencyNanos(), forward.failed());
  }

  void start(
      @Observes @Priority(Phases.GATEWAY) Startup event,
      BalancingSettings balancing,
      Deadlines deadlines,
      ServiceStates states,
      Fleet fleet) {
    if (balancing.enabled()) {
      tasks.every(BEAT, "gateway-deadlines", deadlines::step);
      tasks.every(
          TIDYING,
          "gateway-tidying",
          () -> states.retain(service -> fleet.pool(service).isPresent()));
    }
  }

  void stop(@Observes @Priority(Phases.STOP - Phases.GATEWAY) Shutdown event) {
    tasks.close();
    threads.shutdownNow();
  }
}
