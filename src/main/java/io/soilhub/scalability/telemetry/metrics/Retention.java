package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.platform.settings.Settings;
import java.time.Duration;

/// How long slots are kept, and how many series there may be in one process.
///
/// @param minutes and so on: how long slots of that length are kept
record Retention(Duration minutes, Duration hours, Duration days, int maxNames, int maxSeries) {

  static Retention from(Settings settings) {
    return new Retention(
        settings.duration("METRICS_MINUTES_KEPT_HOURS", Duration.ofHours(1), 48, 2, 24 * 31),
        settings.duration("METRICS_HOURS_KEPT_DAYS", Duration.ofDays(1), 35, 2, 400),
        settings.duration("METRICS_DAYS_KEPT_DAYS", Duration.ofDays(1), 400, 35, 4000),
        settings.integer("METRICS_MAX_NAMES", 1000, 10, 100_000),
        settings.integer("METRICS_MAX_SERIES_PER_NAME", 200, 1, 10_000));
  }

  Duration of(Resolution resolution) {
    return switch (resolution) {
      case MINUTE -> minutes;
      case HOUR -> hours;
      case DAY -> days;
    };
  }
}
