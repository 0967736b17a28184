package io.soilhub.scalability.balancing;

import io.soilhub.scalability.fleet.Fleet;
import io.soilhub.scalability.fleet.ForwardListener;
import io.soilhub.scalability.fleet.InstanceGuard;
import io.soilhub.scalability.fleet.Surroundings;
import io.soilhub.scalability.monitoring.MetricSource;
import io.soilhub.scalability.outbound.Names;
import io.soilhub.scalability.platform.Availability;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
import io.soilhub.scalability.platform.Ticker;
import io.soilhub.scalability.resilience.ComponentProbe;
import io.soilhub.scalability.strategies.SharedRandom;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Makes the fleet and its registry with every source, guard and listener that the features bring.
@ApplicationScoped
class Wiring {

  private static final Duration SECOND = Duration.ofSeconds(1);

  /// Of a registration's host; the caller waits for it.
  private static final Duration LOOKUP = Duration.ofSeconds(5);

  private final List<Loop> loops = new ArrayList<>();

  @Produces
  @Singleton
  StartupCheck check(Clock clock) {
    return settings -> {
      BalancingSettings.from(settings);
      StaticInstances.from(settings, clock.instant());
    };
  }

  @Produces
  @Singleton
  BalancingSettings settings(Settings settings) {
    return BalancingSettings.from(settings);
  }

  @Produces
  @Singleton
  AllowedAddresses addresses(BalancingSettings settings) {
    return settings.addresses();
  }

  @Produces
  @Singleton
  InstanceSource configured(Settings settings, Clock clock) {
    return StaticInstances.from(settings, clock.instant());
  }

  @Produces
  @Singleton
  Fleet fleet(
      BalancingSettings settings,
      Ticker ticker,
      RandomGenerator seeds,
      @Any Instance<InstanceGuard> guards,
      @Any Instance<ForwardListener> listeners) {
    Surroundings around =
        new Surroundings(
            settings.zone(),
            ticker,
            new SharedRandom(seeds.nextLong()),
            guards.stream().toList(),
            listeners.stream().toList());
    return new Fleet(around, settings.strategy());
  }

  @Produces
  @Singleton
  Registry registry(
      Database database,
      Fleet fleet,
      @Any Instance<InstanceSource> sources,
      BalancingSettings settings,
      Ticker ticker) {
    Names names = new Names(Names.Lookup.SYSTEM, settings.addresses(), LOOKUP, ticker);
    return new Registry(database, fleet, sources.stream().toList(), names, settings.enabled());
  }

  @Produces
  @Singleton
  ComponentProbe probe(Fleet fleet) {
    return new FleetProbe(fleet);
  }

  @Produces
  @Singleton
  MetricSource families(Fleet fleet) {
    return new FleetFamilies(fleet);
  }

  @Produces
  @Singleton
  ForwardFamilies forwards() {
    return new ForwardFamilies();
  }

  void start(
      @Observes @Priority(1500) Startup event,
      BalancingSettings settings,
      Fleet fleet,
      Registry registry,
      @Named("postgresql") Availability postgres) {
    if (settings.enabled()) {
      loops.add(Loop.every(SECOND, "fleet", fleet::step));
      loops.add(Loop.every(SECOND, "registry", () -> whenUp(postgres, registry::step)));
      loops.add(Loop.every(SECOND, "instance-sources", registry::merge));
      Duration hour = Duration.ofHours(1);
      loops.add(Loop.every(hour, "registry-forget", () -> whenUp(postgres, registry::forget)));
    }
  }

  /// What was counted since the last look is handed over before the pools close.
  void stop(
      @Observes @Priority(100) Shutdown event,
      Registry registry,
      @Named("postgresql") Availability postgres) {
    if (!loops.isEmpty()) {
      loops.forEach(Loop::close);
      whenUp(postgres, registry::step);
    }
  }

  private static void whenUp(Availability postgres, Runnable step) {
    if (postgres.available()) {
      step.run();
    }
  }
}
