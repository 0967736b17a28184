package io.soilhub.scalability.telemetry.metrics;

import static java.time.temporal.ChronoUnit.MILLIS;
import static java.time.temporal.ChronoUnit.SECONDS;

import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.time.Duration;
import java.util.List;

/// From when on an operation counts as slow.
///
/// @param job of operations that are runs of jobs, which take their time
/// @param other of all others
record SlowSettings(Duration job, Duration other) {

  private static final Setting<Duration> OPERATION =
      Setting.duration(
          "SLOW_OPERATION_MS",
          MILLIS,
          2000,
          1,
          3_600_000,
          "operations that take longer are logged, each once a minute");

  private static final Setting<Duration> JOB =
      Setting.duration("SLOW_JOB_SECONDS", SECONDS, 60, 1, 86_400, "the same for runs of jobs");

  static final List<Setting<?>> ALL = List.of(OPERATION, JOB);

  static SlowSettings from(Settings settings) {
    return new SlowSettings(JOB.read(settings), OPERATION.read(settings));
  }

  Duration of(String operation) {
    return operation.startsWith("job.") ? job : other;
  }
}
