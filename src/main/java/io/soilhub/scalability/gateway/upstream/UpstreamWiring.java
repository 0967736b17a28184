package io.soilhub.scalability.gateway.upstream;

import io.soilhub.scalability.balancing.registry.AllowedAddresses;
import io.soilhub.scalability.balancing.registry.BalancingSettings;
import io.soilhub.scalability.platform.core.PeriodicTask;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.outbound.DnsCache;
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

/// Makes the one way to the instances, and closes what it no longer needs.
@ApplicationScoped
class UpstreamWiring {

  private static final Duration TIDYING = Duration.ofSeconds(10);
  private static final Duration LOOKUP = Duration.ofSeconds(1);

  private Optional<PeriodicTask> loop = Optional.empty();

  @Produces
  @Singleton
  HttpUpstream upstream(AllowedAddresses addresses, Ticker ticker) {
    DnsCache dnsCache = new DnsCache(DnsCache.Lookup.SYSTEM, addresses, LOOKUP, ticker);
    return new HttpUpstream(dnsCache, ticker);
  }

  void close(@Disposes HttpUpstream upstream) {
    upstream.close();
  }

  void start(
      @Observes @Priority(1700) Startup event, BalancingSettings balancing, HttpUpstream upstream) {
    if (balancing.enabled()) {
      loop = Optional.of(PeriodicTask.every(TIDYING, "upstream-tidying", upstream::tidy));
    }
  }

  void stop(@Observes @Priority(200) Shutdown event) {
    loop.ifPresent(PeriodicTask::close);
  }
}
