package io.soilhub.scalability.platform.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.postgres.DatabaseSettings;
import io.soilhub.scalability.platform.redis.RedisSettings;
import io.soilhub.scalability.platform.settings.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// DATABASE_URL and REDIS_URL: what is understood, and that a password is never repeated.
class ServerUrlTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  @Test
  void takesADatabaseUrlApart() {
    DatabaseSettings settings =
        DatabaseSettings.of(
            "postgresql://so%40il:p%3Aw+1@db:5433/hub?sslmode=require", 10, TIMEOUT);

    assertThat(settings.jdbcUrl()).isEqualTo("jdbc:postgresql://db:5433/hub?sslmode=require");
    assertThat(settings.user()).isEqualTo("so@il");
    assertThat(settings.password()).isEqualTo("p:w+1");
    assertThat(settings.toString()).doesNotContain("p:w+1");
  }

  @Test
  void completesTheUsualPorts() {
    assertThat(DatabaseSettings.of("postgres://u:p@db/hub", 10, TIMEOUT).jdbcUrl())
        .isEqualTo("jdbc:postgresql://db:5432/hub");
    assertThat(RedisSettings.of("redis://cache", 8, TIMEOUT).uri()).hasPort(6379);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "mysql://u:secret@db/hub",
        "postgresql://secret@db/hub",
        "postgresql://u:secret@db"
      })
  void refusesADatabaseUrlWithoutRepeatingIt(String url) {
    assertThatThrownBy(() -> DatabaseSettings.of(url, 10, TIMEOUT))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageStartingWith("DATABASE_URL is")
        .message()
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"secret", "http://u:secret@cache", "redis:secret", "redis://u:se cret@cache"})
  void refusesARedisUrlWithoutRepeatingIt(String url) {
    assertThatThrownBy(() -> RedisSettings.of(url, 10, TIMEOUT))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageStartingWith("REDIS_URL is")
        .message()
        .doesNotContain("cret");
  }
}
