package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.fleet.FleetContext;
import io.soilhub.scalability.balancing.fleet.ForwardListener;
import io.soilhub.scalability.balancing.fleet.InstanceGuard;
import io.soilhub.scalability.balancing.strategies.SharedRandom;
import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.outbound.DnsCache;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import io.soilhub.scalability.resilience.health.ComponentProbe;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
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
import java.time.Instant;
import java.util.random.RandomGenerator;

/// Makes the fleet and its registry with every source, guard and listener that the features bring.
@ApplicationScoped
class BalancingWiring {

  private static final Duration SECOND = Duration.ofSeconds(1);

  /// Of a registration's host; the caller waits for it.
  private static final Duration LOOKUP = Duration.ofSeconds(5);

  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  StartupCheck balancingSettings() {
    return new StartupCheck(BalancingSettings.ALL, BalancingSettings::from);
  }

  @Produces
  @Singleton
  StartupCheck staticInstances() {
    return new StartupCheck(
        StaticInstances.ALL, settings -> StaticInstances.from(settings, Instant.EPOCH));
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
    FleetContext around =
        new FleetContext(
            settings.zone(),
            ticker,
            new SharedRandom(seeds.nextLong()),
            guards.stream().toList(),
            listeners.stream().toList());
    return new Fleet(around, settings.strategy());
  }

  @Produces
  @Singleton
  InstanceRegistry registry(
      Database database,
      Fleet fleet,
      @Any Instance<InstanceSource> sources,
      BalancingSettings settings,
      Ticker ticker) {
    DnsCache dnsCache = new DnsCache(DnsCache.Lookup.SYSTEM, settings.addresses(), LOOKUP, ticker);
    return new InstanceRegistry(
        database, fleet, sources.stream().toList(), dnsCache, settings.enabled());
  }

  @Produces
  @Singleton
  ComponentProbe probe(Fleet fleet) {
    return new FleetProbe(fleet);
  }

  @Produces
  @Singleton
  MetricSource families(Fleet fleet) {
    return new FleetMetrics(fleet);
  }

  void start(
      @Observes @Priority(Phases.BALANCING) Startup event,
      BalancingSettings settings,
      Fleet fleet,
      InstanceRegistry registry,
      @Named("postgresql") DependencyMonitor postgres) {
    if (settings.enabled()) {
      tasks.every(SECOND, "fleet", fleet::step);
      tasks.everyWhile(postgres::available, SECOND, "registry", registry::step);
      tasks.every(SECOND, "instance-sources", registry::merge);
      tasks.everyWhile(
          postgres::available, Duration.ofHours(1), "registry-forget", registry::forget);
    }
  }

  /// What was counted since the last look is handed over before the pools close.
  void stop(
      @Observes @Priority(Phases.STOP - Phases.BALANCING) Shutdown event,
      BalancingSettings settings,
      InstanceRegistry registry,
      @Named("postgresql") DependencyMonitor postgres) {
    tasks.close();
    if (settings.enabled() && postgres.available()) {
      registry.step();
    }
  }
}
