package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.redis.RedisCacheSettings;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.redis.RedisSettings;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
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
    List<RedisSettings> servers = new ArrayList<>();
    for (String url : redisUrls) {
      servers.add(RedisSettings.of(url, 16, Duration.ofMillis(500)));
    }
    Map<DataType, DataPolicy> policies =
        new EnumMap<>(CacheSettings.defaults(strategy, Duration.ofHours(1)));
    return new CacheSettings(
        true,
        new RedisCacheSettings(servers, BOUND, Duration.ofSeconds(2), 2000),
        16 << 20,
        Duration.ofSeconds(300),
        1 << 20,
        4096,
        Duration.ofHours(1),
        policies);
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
