package io.soilhub.scalability.platform.postgres;

import static java.time.temporal.ChronoUnit.MILLIS;

import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Where PostgreSQL is and how many connections one replica may hold.
///
/// @param jdbcUrl `jdbc:postgresql://host:port/database`, with the query of DATABASE_URL kept
/// @param poolSize connections of all pools together
/// @param timeout longest wait for a connection, and for a statement of the readers
public record DatabaseSettings(
    String jdbcUrl, String user, String password, int poolSize, Duration timeout) {

  /// Group commits are written by as many writers: one, and a second that joins under load.
  private static final int WRITERS = 2;

  /// One to lead with, one for the lock of the walk over the open jobs, and two for what is short.
  private static final int CONTROLS = 4;

  private static final int SMALLEST = 10;

  private static final Setting<String> URL =
      Setting.text(
          "DATABASE_URL",
          "postgresql://soilhub:soilhub@localhost:5432/soilhub",
          "postgresql://user:password@host:port/db",
          "PostgreSQL, the truth");

  private static final Setting<Integer> POOL_SIZE =
      Setting.integer(
          "DATABASE_POOL_SIZE", 20, SMALLEST, 500, "connections to PostgreSQL of one replica");

  private static final Setting<Duration> TIMEOUT =
      Setting.duration(
          "DATABASE_TIMEOUT_MS",
          MILLIS,
          5000,
          100,
          60_000,
          "longest wait for a connection to PostgreSQL, and longest that a list may be read");

  public static final List<Setting<?>> ALL = List.of(URL, POOL_SIZE, TIMEOUT);

  public DatabaseSettings {
    if (poolSize < SMALLEST) {
      throw new IllegalArgumentException("%d connections are too few".formatted(poolSize));
    }
  }

  public static DatabaseSettings from(Settings settings) {
    return of(URL.read(settings), POOL_SIZE.read(settings), TIMEOUT.read(settings));
  }

  /// @throws Settings.InvalidSetting when the URL is not of the form
  ///   postgresql://user:password@host:port/db
  public static DatabaseSettings of(String url, int poolSize, Duration timeout) {
    try {
      URI uri = URI.create(url);
      String[] user =
          uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
      boolean scheme = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
      if (scheme && user.length == 2 && uri.getHost() != null && uri.getPath().length() > 1) {
        int port = uri.getPort() < 0 ? 5432 : uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String jdbc =
            "jdbc:postgresql://%s:%d%s%s".formatted(uri.getHost(), port, uri.getPath(), query);
        return new DatabaseSettings(jdbc, decoded(user[0]), decoded(user[1]), poolSize, timeout);
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    // The value may hold a password: it is not repeated.
    throw new Settings.InvalidSetting(
        URL.name(), "(hidden)", "of the form postgresql://user:password@host:port/database");
  }

  /// The connections of one pool: those of the engine are as many as it can use, the rest is
  /// divided.
  int poolSize(Database.Pool pool) {
    int divided = poolSize - WRITERS - CONTROLS;
    return switch (pool) {
      case WRITER -> WRITERS;
      case CONTROL -> CONTROLS;
      case READER -> divided / 3;
      case GENERAL -> divided - divided / 3;
    };
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "DatabaseSettings[%s, user=%s, poolSize=%d]".formatted(jdbcUrl, user, poolSize);
  }
}
