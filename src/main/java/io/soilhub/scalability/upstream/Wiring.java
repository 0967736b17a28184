package io.soilhub.scalability.upstream;

import io.soilhub.scalability.balancing.AllowedAddresses;
import io.soilhub.scalability.balancing.BalancingSettings;
import io.soilhub.scalability.outbound.Names;
import io.soilhub.scalability.platform.Loop;
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

/// Makes the one way to the instances, and closes what it no longer needs.
@ApplicationScoped
class Wiring {

  private static final Duration TIDYING = Duration.ofSeconds(10);
  private static final Duration LOOKUP = Duration.ofSeconds(1);

  private Optional<Loop> loop = Optional.empty();

  @Produces
  @Singleton
  HttpUpstream upstream(AllowedAddresses addresses, Ticker ticker) {
    Names names = new Names(Names.Lookup.SYSTEM, addresses, LOOKUP, ticker);
    return new HttpUpstream(names, ticker);
  }

  void close(@Disposes HttpUpstream upstream) {
    upstream.close();
  }

  void start(
      @Observes @Priority(1700) Startup event, BalancingSettings balancing, HttpUpstream upstream) {
    if (balancing.enabled()) {
      loop = Optional.of(Loop.every(TIDYING, "upstream-tidying", upstream::tidy));
    }
  }

  void stop(@Observes @Priority(200) Shutdown event) {
    loop.ifPresent(Loop::close);
  }
}
