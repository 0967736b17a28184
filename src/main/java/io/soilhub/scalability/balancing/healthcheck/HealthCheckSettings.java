package io.soilhub.scalability.balancing.healthcheck;

import io.soilhub.scalability.platform.settings.Settings;
import java.time.Duration;

/// How instances are probed.
///
/// @param interval HEALTH_CHECK_INTERVAL between two probes of one instance
/// @param timeout HEALTH_CHECK_TIMEOUT of a probe
/// @param rise HEALTH_CHECK_RISE: good probes that make an unhealthy instance healthy
/// @param fall HEALTH_CHECK_FALL: bad probes that make a healthy one unhealthy
record HealthCheckSettings(Duration interval, Duration timeout, int rise, int fall) {

  /// @throws Settings.InvalidSetting for a value out of bounds
  static HealthCheckSettings from(Settings settings) {
    Duration second = Duration.ofSeconds(1);
    return new HealthCheckSettings(
        settings.duration("HEALTH_CHECK_INTERVAL", second, 30, 1, 3600),
        settings.duration("HEALTH_CHECK_TIMEOUT", second, 5, 1, 60),
        settings.integer("HEALTH_CHECK_RISE", 2, 1, 10),
        settings.integer("HEALTH_CHECK_FALL", 3, 1, 10));
  }
}
