package io.soilhub.scalability.values;

import io.soilhub.scalability.cache.CacheSettings;
import io.soilhub.scalability.cache.DistributedCache;
import io.soilhub.scalability.edge.Purges;
import io.soilhub.scalability.entries.InvalidationOutbox;
import io.soilhub.scalability.entries.PostgresEntries;
import io.soilhub.scalability.jobs.JobHandler;
import io.soilhub.scalability.monitoring.MetricSource;
import io.soilhub.scalability.monitoring.Operations;
import io.soilhub.scalability.platform.Availability;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Node;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
import io.soilhub.scalability.platform.Ticker;
import io.soilhub.scalability.resilience.ComponentProbe;
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
class Wiring {

  @Produces
  @Singleton
  StartupCheck check() {
    return CacheSettings::from;
  }

  @Produces
  @Singleton
  DistributedCache.Stores stores(
      Database database,
      PostgresEntries entries,
      InvalidationOutbox outbox,
      Purges purges,
      @Named("postgresql") Availability postgres) {
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
  StoredValues values(DistributedCache cache) {
    return new StoredValues(cache);
  }

  @Produces
  @Singleton
  JobHandler warmup(StoredValues values, @Any Instance<Warmable> warmables) {
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
    return cache.settings().enabled() ? new CacheFamilies(cache::statistics) : List::of;
  }

  void start(@Observes @Priority(300) Startup event, DistributedCache cache) {
    if (cache.settings().enabled()) {
      cache.start();
    }
  }

  void stop(@Observes @Priority(600) Shutdown event, DistributedCache cache) {
    cache.close();
  }
}
