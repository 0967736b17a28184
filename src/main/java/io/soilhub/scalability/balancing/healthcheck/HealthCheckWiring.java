package io.soilhub.scalability.balancing.healthcheck;

import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.registry.AllowedAddresses;
import io.soilhub.scalability.balancing.registry.BalancingSettings;
import io.soilhub.scalability.platform.core.Node;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.outbound.DnsCache;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/// Makes this replica's prober and keeps it stepping.
@ApplicationScoped
class HealthCheckWiring {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  StartupCheck check() {
    return new StartupCheck(HealthCheckSettings.ALL, HealthCheckSettings::from);
  }

  @Produces
  @Singleton
  HealthChecker healthChecker(
      Fleet fleet,
      Node node,
      RedisClients redis,
      AllowedAddresses addresses,
      Settings settings,
      HealthChecker.Outside outside) {
    HealthCheckSettings probing = HealthCheckSettings.from(settings);
    DnsCache dnsCache =
        new DnsCache(DnsCache.Lookup.SYSTEM, addresses, probing.timeout(), outside.ticker());
    HttpHealthCheck probe = new HttpHealthCheck(dnsCache, probing.timeout(), outside.ticker());
    return new HealthChecker(
        fleet, node.id(), new RedisReplicaReports(redis, node.id()), probe::call, probing, outside);
  }

  @Produces
  @Singleton
  HealthChecker.Outside outside(Clock clock, Ticker ticker, RandomGenerator random) {
    return new HealthChecker.Outside(clock, ticker, random, threads);
  }

  void start(
      @Observes @Priority(Phases.BALANCING) Startup event,
      BalancingSettings settings,
      HealthChecker healthChecker) {
    if (settings.enabled()) {
      tasks.every(SECOND, "prober", healthChecker::step);
    }
  }

  void stop(
      @Observes @Priority(Phases.STOP - Phases.BALANCING) Shutdown event,
      BalancingSettings settings,
      HealthChecker healthChecker) {
    if (settings.enabled()) {
      tasks.close();
      healthChecker.stop();
    }
    threads.shutdownNow();
  }
}
