package io.soilhub.scalability.probing;

import io.soilhub.scalability.balancing.AllowedAddresses;
import io.soilhub.scalability.balancing.BalancingSettings;
import io.soilhub.scalability.fleet.Fleet;
import io.soilhub.scalability.outbound.Names;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.Node;
import io.soilhub.scalability.platform.Redis;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
import io.soilhub.scalability.platform.Ticker;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/// Makes this replica's prober and keeps it stepping.
@ApplicationScoped
class Wiring {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Optional<Loop> loop = Optional.empty();

  @Produces
  @Singleton
  StartupCheck check() {
    return ProbingSettings::from;
  }

  @Produces
  @Singleton
  Prober prober(
      Fleet fleet,
      Node node,
      Redis redis,
      AllowedAddresses addresses,
      Settings settings,
      Prober.Outside outside) {
    ProbingSettings probing = ProbingSettings.from(settings);
    Names names = new Names(Names.Lookup.SYSTEM, addresses, probing.timeout(), outside.ticker());
    HttpProbe probe = new HttpProbe(names, probing.timeout(), outside.ticker());
    return new Prober(
        fleet, node.id(), new RedisBulletins(redis, node.id()), probe::call, probing, outside);
  }

  @Produces
  @Singleton
  Prober.Outside outside(Clock clock, Ticker ticker, RandomGenerator random) {
    return new Prober.Outside(clock, ticker, random, threads);
  }

  void start(@Observes @Priority(1600) Startup event, BalancingSettings settings, Prober prober) {
    if (settings.enabled()) {
      loop = Optional.of(Loop.every(SECOND, "prober", prober::step));
    }
  }

  void stop(@Observes @Priority(100) Shutdown event, Prober prober) {
    loop.ifPresent(
        running -> {
          running.close();
          prober.stop();
        });
    threads.shutdownNow();
  }
}
