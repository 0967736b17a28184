package io.soilhub.scalability.gateway;

import io.soilhub.scalability.balancing.AllowedAddresses;
import io.soilhub.scalability.balancing.BalancingSettings;
import io.soilhub.scalability.balancing.Registry;
import io.soilhub.scalability.fleet.Fleet;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
import io.soilhub.scalability.platform.Ticker;
import io.soilhub.scalability.tracing.Tracing;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Makes the gateway with its connections.
@ApplicationScoped
class Wiring {

  private static final String TRUSTED_PROXIES = "TRUSTED_PROXY_CIDRS";
  private static final Duration BEAT = Duration.ofMillis(100);
  private static final Duration TIDYING = Duration.ofSeconds(10);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Loop> loops = new ArrayList<>();

  @Produces
  @Singleton
  StartupCheck check() {
    return settings -> AllowedAddresses.from(settings, TRUSTED_PROXIES, "");
  }

  @Produces
  @Singleton
  Deadlines deadlines(Ticker ticker) {
    return new Deadlines(ticker);
  }

  @Produces
  @Singleton
  Account.Book accounts(Ticker ticker) {
    return new Account.Book(ticker);
  }

  @Produces
  @Singleton
  Gateway gateway(
      Registry registry,
      Upstream upstream,
      Deadlines deadlines,
      Settings settings,
      Account.Book accounts,
      Tracing tracing) {
    AllowedAddresses trusted = AllowedAddresses.from(settings, TRUSTED_PROXIES, "");
    int maxBody = settings.integer("GATEWAY_MAX_BODY_BYTES", 100 << 20, 1024, 1 << 30);
    return new Gateway(
        registry,
        TracedUpstream.of(upstream, tracing),
        deadlines,
        trusted,
        maxBody,
        tracing.carrying(threads),
        accounts);
  }

  void start(
      @Observes @Priority(1700) Startup event,
      BalancingSettings balancing,
      Deadlines deadlines,
      Account.Book accounts,
      Fleet fleet) {
    if (balancing.enabled()) {
      loops.add(Loop.every(BEAT, "gateway-deadlines", deadlines::step));
      loops.add(
          Loop.every(
              TIDYING,
              "gateway-tidying",
              () -> accounts.keep(service -> fleet.pool(service).isPresent())));
    }
  }

  void stop(@Observes @Priority(200) Shutdown event) {
    loops.forEach(Loop::close);
    threads.shutdownNow();
  }
}
