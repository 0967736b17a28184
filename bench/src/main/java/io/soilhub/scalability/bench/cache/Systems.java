package io.soilhub.scalability.bench.cache;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The systems under measure and what is the same for all of them.
enum Systems {
  OURS("Soil Hub Scalability"),
  CAFFEINE("Caffeine, bounded in size"),
  CAFFEINE_TIMED("Caffeine, bounded in size and time"),
  JEDIS("Jedis, client-side caching"),
  JETCACHE("JetCache, cache-aside"),
  REDISSON_ASIDE("Redisson, cache-aside"),
  REDISSON_THROUGH("Redisson, write-through");

  /// Entries that a first level may hold: more than any measure has, so that nothing is evicted.
  static final int NEAR_ENTRIES = 100_000;

  /// Connections to Redis of one replica.
  static final int CONNECTIONS = 32;

  private final String label;

  Systems(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /// The libraries as they are on the class path, for the record of conditions.
  static String versions() {
    return Stream.of(
            com.github.benmanes.caffeine.cache.Cache.class,
            redis.clients.jedis.RedisClient.class,
            com.alicp.jetcache.Cache.class,
            org.redisson.Redisson.class)
        .map(Systems::jar)
        .collect(Collectors.joining(", "));
  }

  private static String jar(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
        .getFileName()
        .toString()
        .replace(".jar", "")
        .replace('-', ' ');
  }

  CacheSubject subject(String databaseUrl, String redisUrl) {
    return switch (this) {
      case OURS -> new OursCacheSubject(databaseUrl, redisUrl);
      case CAFFEINE -> new CaffeineSubject(false);
      case CAFFEINE_TIMED -> new CaffeineSubject(true);
      case JEDIS -> new JedisSubject(redisUrl);
      case JETCACHE -> new JetCacheSubject(redisUrl);
      case REDISSON_ASIDE -> new RedissonSubject(redisUrl, false);
      case REDISSON_THROUGH -> new RedissonSubject(redisUrl, true);
    };
  }
}
