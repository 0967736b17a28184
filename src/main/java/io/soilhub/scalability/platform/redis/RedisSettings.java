package io.soilhub.scalability.platform.redis;

import static java.time.temporal.ChronoUnit.MILLIS;

import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/// Where Redis is and how long one command may take.
///
/// @param uri `redis://[user:password@]host:port[/db]`, or `rediss://` for TLS
public record RedisSettings(URI uri, int poolSize, Duration timeout) {

  private static final Setting<String> URL =
      Setting.text(
          "REDIS_URL",
          "redis://localhost:6379",
          "redis://[user:password@]host:port[/db]",
          "Redis, the fast path");

  private static final Setting<Integer> POOL_SIZE =
      Setting.integer("REDIS_POOL_SIZE", 32, 4, 1000, "connections to Redis of one replica");

  private static final Setting<Duration> TIMEOUT =
      Setting.duration(
          "REDIS_TIMEOUT_MS", MILLIS, 1000, 10, 60_000, "longest wait for an answer of Redis");

  public static final List<Setting<?>> ALL = List.of(URL, POOL_SIZE, TIMEOUT);

  public static RedisSettings from(Settings settings) {
    return of(URL.read(settings), POOL_SIZE.read(settings), TIMEOUT.read(settings));
  }

  /// @throws Settings.InvalidSetting when the URL is not a redis:// or rediss:// one with a host
  public static RedisSettings of(String url, int poolSize, Duration timeout) {
    try {
      URI uri = URI.create(url);
      boolean scheme = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
      if (scheme && uri.getHost() != null) {
        int port = uri.getPort() < 0 ? 6379 : uri.getPort();
        URI whole = URI.create(withPort(uri, port));
        return new RedisSettings(whole, poolSize, timeout);
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    // The value may hold a password: it is not repeated.
    throw new Settings.InvalidSetting(
        URL.name(), "(hidden)", "of the form redis://[user:password@]host:port[/db]");
  }

  boolean tls() {
    return "rediss".equals(uri.getScheme());
  }

  private static String withPort(URI uri, int port) {
    String user = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo() + "@";
    return "%s://%s%s:%d%s".formatted(uri.getScheme(), user, uri.getHost(), port, uri.getRawPath());
  }

  @Override
  public String toString() {
    return "RedisSettings[%s:%d, poolSize=%d]".formatted(uri.getHost(), uri.getPort(), poolSize);
  }
}
