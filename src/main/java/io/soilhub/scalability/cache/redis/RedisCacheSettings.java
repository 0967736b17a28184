package io.soilhub.scalability.cache.redis;

import static java.time.temporal.ChronoUnit.MILLIS;

import io.soilhub.scalability.platform.redis.RedisSettings;
import io.soilhub.scalability.platform.settings.Setting;
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

  private static final Setting<List<String>> REDIS_URLS =
      Setting.list(
          "CACHE_REDIS_URLS",
          "",
          "URLs as in REDIS_URL, with commas",
          "servers that the cache is spread over, always in this order; without it REDIS_URL");

  private static final Setting<Duration> STALENESS_BOUND =
      Setting.duration(
          "CACHE_STALENESS_BOUND_MS",
          MILLIS,
          1000,
          100,
          60_000,
          "oldest that a value from memory may be");

  private static final Setting<Duration> LEASE =
      Setting.duration(
          "CACHE_LEASE_MS", MILLIS, 10_000, 100, 300_000, "how long one load keeps others away");

  private static final Setting<Integer> LOG_LENGTH =
      Setting.integer(
          "CACHE_LOG_LENGTH", 10_000, 100, 1_000_000, "changes that a replica may miss");

  public static final List<Setting<?>> ALL =
      List.of(REDIS_URLS, STALENESS_BOUND, LEASE, LOG_LENGTH);

  public RedisCacheSettings {
    servers = List.copyOf(servers);
  }

  public static RedisCacheSettings from(Settings settings) {
    RedisSettings main = RedisSettings.from(settings);
    List<String> urls = REDIS_URLS.read(settings);
    List<RedisSettings> servers =
        urls.isEmpty()
            ? List.of(main)
            : urls.stream().map(url -> server(url, main)).distinct().toList();
    if (!urls.isEmpty() && servers.size() != urls.size()) {
      throw new InvalidSetting(REDIS_URLS.name(), "(hidden)", "free of repetitions");
    }
    return new RedisCacheSettings(
        servers, STALENESS_BOUND.read(settings), LEASE.read(settings), LOG_LENGTH.read(settings));
  }

  private static RedisSettings server(String url, RedisSettings main) {
    try {
      return RedisSettings.of(url, main.poolSize(), main.timeout());
    } catch (InvalidSetting _) {
      throw new InvalidSetting(
          REDIS_URLS.name(), "(hidden)", "a list of redis://[user:password@]host:port[/db]");
    }
  }
}
