package io.soilhub.scalability.gateway.upstream;

import io.soilhub.scalability.balancing.registry.AllowedAddresses;
import io.soilhub.scalability.balancing.registry.BalancingSettings;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
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

/// Makes the connection pool and the upstream on it, and closes idle connections.
@ApplicationScoped
class UpstreamWiring {

  private static final Duration TIDYING = Duration.ofSeconds(10);
  private static final Duration MAX_IDLE = Duration.ofSeconds(30);
  private static final Duration LOOKUP = Duration.ofSeconds(1);

  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  ConnectionPool connections(AllowedAddresses addresses, Ticker ticker) {
    return new ConnectionPool(
        new DnsCache(DnsCache.Lookup.SYSTEM, addresses, LOOKUP, ticker), ticker);
  }

  void close(@Disposes ConnectionPool connections) {
    connections.close();
  }

  @Produces
  @Singleton
  HttpUpstream upstream(ConnectionPool connections) {
    return new HttpUpstream(connections);
  }

  void start(
      @Observes @Priority(Phases.GATEWAY) Startup event,
      BalancingSettings balancing,
      ConnectionPool connections) {
    if (balancing.enabled()) {
      tasks.every(TIDYING, "upstream-tidying", () -> connections.tidy(MAX_IDLE));
    }
  }

  void stop(@Observes @Priority(Phases.STOP - Phases.GATEWAY) Shutdown event) {
    tasks.close();
  }
}
