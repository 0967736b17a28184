package io.soilhub.scalability.cache.redis;

import io.soilhub.scalability.platform.redis.RedisSettings;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.Settings.InvalidSetting;
import java.time.Duration;
import java.util.List;

/// Where the shared level is and how it keeps its promises.
///
/// @param servers the Redis servers over which keys are spread, always in this order
/// @param bound how old what a node gives from memory may be
/// @param lease how long a load may take before another one may start beside it
/// @param logLength mutations that a node may miss before it has to drop what it remembers
public record RedisCacheSettings(
    List<RedisSettings> servers, Duration bound, Duration lease, int logLength) {

  private static final Duration MILLI = Duration.ofMillis(1);

  public RedisCacheSettings {
    servers = List.copyOf(servers);
  }

  public static RedisCacheSettings from(Settings settings) {
    RedisSettings main = RedisSettings.from(settings);
    List<String> urls = settings.list("CACHE_REDIS_URLS", "");
    List<RedisSettings> servers =
        urls.isEmpty()
            ? List.of(main)
            : urls.stream().map(url -> server(url, main)).distinct().toList();
    if (!urls.isEmpty() && servers.size() != urls.size()) {
      throw new InvalidSetting("CACHE_REDIS_URLS", "(hidden)", "free of repetitions");
    }
    return new RedisCacheSettings(
        servers,
        settings.duration("CACHE_STALENESS_BOUND_MS", MILLI, 1000, 100, 60_000),
        settings.duration("CACHE_LEASE_MS", MILLI, 10_000, 100, 300_000),
        settings.integer("CACHE_LOG_LENGTH", 10_000, 100, 1_000_000));
  }

  private static RedisSettings server(String url, RedisSettings main) {
    try {
      return RedisSettings.of(url, main.poolSize(), main.timeout());
    } catch (InvalidSetting _) {
      throw new InvalidSetting(
          "CACHE_REDIS_URLS", "(hidden)", "a list of redis://[user:password@]host:port[/db]");
    }
  }
}
