package io.soilhub.scalability.cache.rest;

import io.soilhub.scalability.cache.cdn.Purges;
import io.soilhub.scalability.cache.postgres.InvalidationOutbox;
import io.soilhub.scalability.cache.postgres.PostgresEntries;
import io.soilhub.scalability.cache.tiers.CacheSettings;
import io.soilhub.scalability.cache.tiers.DistributedCache;
import io.soilhub.scalability.cache.tiers.WarmupSource;
import io.soilhub.scalability.jobs.engine.JobHandler;
import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.Node;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import io.soilhub.scalability.resilience.health.ComponentProbe;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import io.soilhub.scalability.telemetry.metrics.Operations;
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
import java.util.List;
import java.util.random.RandomGenerator;

/// Makes this replica's cache, and runs it from before the features that use it start until after
/// they stopped.
@ApplicationScoped
class CacheRestWiring {

  @Produces
  @Singleton
  StartupCheck check() {
    return new StartupCheck(CacheSettings.ALL, CacheSettings::from);
  }

  @Produces
  @Singleton
  DistributedCache.Stores stores(
      Database database,
      PostgresEntries entries,
      InvalidationOutbox outbox,
      Purges purges,
      @Named("postgresql") DependencyMonitor postgres) {
    return new DistributedCache.Stores(database, entries, outbox, purges, postgres::available);
  }

  /// A restarted replica is another one: it knows nothing of what it had applied.
  @Produces
  @Singleton
  DistributedCache cache(
      Settings settings,
      DistributedCache.Stores stores,
      Node node,
      Ticker ticker,
      RandomGenerator random,
      Operations operations) {
    String name = node.id() + '@' + node.startedAt().toEpochMilli();
    DistributedCache cache =
        new DistributedCache(CacheSettings.from(settings), stores, name, ticker, random);
    cache.listen(type -> operations.timer("cache.load." + type.code())::record);
    return cache;
  }

  @Produces
  @Singleton
  JsonValueCache values(DistributedCache cache) {
    return new JsonValueCache(cache);
  }

  @Produces
  @Singleton
  JobHandler warmup(JsonValueCache values, @Any Instance<WarmupSource> warmables) {
    return new CacheWarmupHandler(
        (type, key) -> values.read(type, key).found(), warmables.stream().toList());
  }

  @Produces
  @Singleton
  ComponentProbe probe(DistributedCache cache) {
    return new CacheProbe(cache);
  }

  @Produces
  @Singleton
  MetricSource families(DistributedCache cache) {
    return cache.settings().enabled() ? new CacheMetrics(cache::statistics) : List::of;
  }

  void start(@Observes @Priority(Phases.CACHE) Startup event, DistributedCache cache) {
    if (cache.settings().enabled()) {
      cache.start();
    }
  }

  void stop(
      @Observes @Priority(Phases.STOP - Phases.CACHE) Shutdown event, DistributedCache cache) {
    cache.close();
  }
}
