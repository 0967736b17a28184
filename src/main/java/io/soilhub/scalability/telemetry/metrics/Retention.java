package io.soilhub.scalability.telemetry.metrics;

import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.HOURS;

import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.time.Duration;
import java.util.List;

/// How long slots are kept, and how many series there may be in one process.
///
/// @param minutes and so on: how long slots of that length are kept
record Retention(Duration minutes, Duration hours, Duration days, int maxNames, int maxSeries) {

  private static final Setting<Duration> MINUTES_KEPT =
      Setting.duration(
          "METRICS_MINUTES_KEPT_HOURS",
          HOURS,
          48,
          2,
          24 * 31,
          "how long statistics are kept by the minute");

  private static final Setting<Duration> HOURS_KEPT =
      Setting.duration(
          "METRICS_HOURS_KEPT_DAYS", DAYS, 35, 2, 400, "how long they are kept by the hour");

  private static final Setting<Duration> DAYS_KEPT =
      Setting.duration(
          "METRICS_DAYS_KEPT_DAYS", DAYS, 400, 35, 4000, "how long they are kept by the day");

  private static final Setting<Integer> MAX_NAMES =
      Setting.integer(
          "METRICS_MAX_NAMES", 1000, 10, 100_000, "names of metrics that a replica records");

  private static final Setting<Integer> MAX_SERIES =
      Setting.integer(
          "METRICS_MAX_SERIES_PER_NAME",
          200,
          1,
          10_000,
          "sets of labels of a name; what comes after them is put together");

  static final List<Setting<?>> ALL =
      List.of(MINUTES_KEPT, HOURS_KEPT, DAYS_KEPT, MAX_NAMES, MAX_SERIES);

  static Retention from(Settings settings) {
    return new Retention(
        MINUTES_KEPT.read(settings),
        HOURS_KEPT.read(settings),
        DAYS_KEPT.read(settings),
        MAX_NAMES.read(settings),
        MAX_SERIES.read(settings));
  }

  Duration of(Resolution resolution) {
    return switch (resolution) {
      case MINUTE -> minutes;
      case HOUR -> hours;
      case DAY -> days;
    };
  }
}
