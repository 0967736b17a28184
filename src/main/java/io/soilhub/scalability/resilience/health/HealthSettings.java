package io.soilhub.scalability.resilience.health;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.time.Duration;
import java.util.List;

/// How often components and instances are looked at.
///
/// @param interval HEALTH_CHECK_INTERVAL between two looks at one
/// @param timeout HEALTH_CHECK_TIMEOUT of a look
public record HealthSettings(Duration interval, Duration timeout) {

  private static final Setting<Duration> INTERVAL =
      Setting.duration(
          "HEALTH_CHECK_INTERVAL",
          SECONDS,
          30,
          1,
          3600,
          "seconds between two looks at a component or an instance");

  private static final Setting<Duration> TIMEOUT =
      Setting.duration(
          "HEALTH_CHECK_TIMEOUT", SECONDS, 5, 1, 60, "seconds that it has to answer in");

  static final List<Setting<?>> ALL = List.of(INTERVAL, TIMEOUT);

  /// @throws Settings.InvalidSetting for a value out of bounds
  public static HealthSettings from(Settings settings) {
    return new HealthSettings(INTERVAL.read(settings), TIMEOUT.read(settings));
  }
}
