package io.soilhub.scalability.gateway;

import io.soilhub.scalability.balancing.AllowedAddresses;
import io.soilhub.scalability.balancing.BalancingSettings;
import io.soilhub.scalability.balancing.Registry;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
import io.soilhub.scalability.platform.Ticker;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Makes the gateway with its connections.
@ApplicationScoped
class Wiring {

  private static final String TRUSTED_PROXIES = "TRUSTED_PROXY_CIDRS";
  private static final Duration BEAT = Duration.ofMillis(100);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Optional<Loop> loop = Optional.empty();

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
  HttpUpstream upstream(AllowedAddresses addresses) {
    return new HttpUpstream(addresses);
  }

  void close(@Disposes HttpUpstream upstream) {
    upstream.close();
  }

  @Produces
  @Singleton
  Gateway gateway(
      Registry registry,
      HttpUpstream upstream,
      Deadlines deadlines,
      Settings settings,
      Problem.Page problems) {
    AllowedAddresses trusted = AllowedAddresses.from(settings, TRUSTED_PROXIES, "");
    return new Gateway(registry, upstream, deadlines, trusted, problems, threads);
  }

  void start(
      @Observes @Priority(1700) Startup event, BalancingSettings balancing, Deadlines deadlines) {
    if (balancing.enabled()) {
      loop = Optional.of(Loop.every(BEAT, "gateway-deadlines", deadlines::step));
    }
  }

  void stop(@Observes @Priority(200) Shutdown event) {
    loop.ifPresent(Loop::close);
    threads.shutdownNow();
  }
}
