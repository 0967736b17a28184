package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.platform.settings.Settings;
import java.time.Duration;

/// From when on an operation counts as slow.
///
/// @param job of operations that are runs of jobs, which take their time
/// @param other of all others
record SlowSettings(Duration job, Duration other) {

  static SlowSettings from(Settings settings) {
    return new SlowSettings(
        settings.duration("SLOW_JOB_SECONDS", Duration.ofSeconds(1), 60, 1, 86_400),
        settings.duration("SLOW_OPERATION_MS", Duration.ofMillis(1), 2000, 1, 3_600_000));
  }

  Duration of(String operation) {
    return operation.startsWith("job.") ? job : other;
  }
}
