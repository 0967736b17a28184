package io.soilhub.scalability.balancing.healthcheck;

import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.resilience.health.HealthSettings;
import java.time.Duration;
import java.util.List;

/// How instances are probed.
///
/// @param interval HEALTH_CHECK_INTERVAL between two probes of one instance
/// @param timeout HEALTH_CHECK_TIMEOUT of a probe
/// @param rise HEALTH_CHECK_RISE: good probes that make an unhealthy instance healthy
/// @param fall HEALTH_CHECK_FALL: bad probes that make a healthy one unhealthy
record HealthCheckSettings(Duration interval, Duration timeout, int rise, int fall) {

  private static final Setting<Integer> RISE =
      Setting.integer(
          "HEALTH_CHECK_RISE", 2, 1, 10, "good probes until an instance is healthy again");

  private static final Setting<Integer> FALL =
      Setting.integer("HEALTH_CHECK_FALL", 3, 1, 10, "bad probes until an instance is unhealthy");

  static final List<Setting<?>> ALL = List.of(RISE, FALL);

  /// @throws Settings.InvalidSetting for a value out of bounds
  static HealthCheckSettings from(Settings settings) {
    HealthSettings health = HealthSettings.from(settings);
    return new HealthCheckSettings(
        health.interval(), health.timeout(), RISE.read(settings), FALL.read(settings));
  }
}
