package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/// One replica's cache, without the rest of the service.
final class CacheNode implements AutoCloseable {

  static final Duration BOUND = Duration.ofMillis(500);

  private final Database database;
  private final AtomicBoolean postgresUp = new AtomicBoolean(true);
  final DistributedCache cache;
  final TieredCache<String> texts;

  CacheNode(String name, String databaseUrl, WriteStrategy strategy, String... redisUrls) {
    this(name, databaseUrl, settings(strategy, redisUrls));
  }

  CacheNode(String name, String databaseUrl, CacheSettings settings) {
    this.database = TestPostgres.open(databaseUrl);
    database.migrate();
    this.cache =
        new DistributedCache(
            settings,
            DistributedCache.Stores.in(database, postgresUp::get),
            name,
            Ticker.system(),
            new Random(name.hashCode()));
    this.texts = cache.open(DataType.GENERAL, CacheOptions.store(Codec.json(String.class)));
    cache.start();
  }

  static CacheSettings settings(WriteStrategy strategy, String... redisUrls) {
    return settings(strategy, Map.of(), redisUrls);
  }

  /// @param others variables that are set besides, or otherwise
  static CacheSettings settings(
      WriteStrategy strategy, Map<String, String> others, String... redisUrls) {
    Map<String, String> variables = new HashMap<>();
    variables.put("CACHE_REDIS_URLS", String.join(",", redisUrls));
    variables.put("REDIS_POOL_SIZE", "16");
    variables.put("REDIS_TIMEOUT_MS", "500");
    variables.put("CACHE_STRATEGY", strategy.name().toLowerCase(Locale.ROOT));
    variables.put("CACHE_STALENESS_BOUND_MS", Long.toString(BOUND.toMillis()));
    variables.put("CACHE_LEASE_MS", "2000");
    variables.put("CACHE_LOG_LENGTH", "2000");
    variables.put("CACHE_L1_MAX_MB", "16");
    variables.putAll(others);
    return CacheSettings.from(Settings.from(variables));
  }

  Database database() {
    return database;
  }

  /// What the watch over PostgreSQL would find out by itself.
  void postgresIs(boolean up) {
    postgresUp.set(up);
  }

  boolean usesRedis() {
    return cache.statistics().servers().stream()
        .allMatch(server -> server.available() && server.lagMs() < BOUND.toMillis());
  }

  CacheNode awaitRedis() {
    Await.until("Redis is in use", Duration.ofSeconds(20), this::usesRedis);
    return this;
  }

  @Override
  public void close() {
    cache.close();
    database.close();
  }
}
