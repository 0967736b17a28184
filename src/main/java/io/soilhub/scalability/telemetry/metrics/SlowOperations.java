package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.telemetry.metrics.SeriesRecorder.Longest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Logs operations that took longer than they should, each at most once a minute. It looks at what
/// was recorded, so that recording costs no more for it.
final class SlowOperations {

  private static final Logger LOG = System.getLogger(SlowOperations.class.getName());

  private final RecorderRegistry recorderRegistry;
  private final SlowSettings settings;

  /// The last minute of which a line tells. As many as there are operations.
  private final Map<String, Minute> logged = new HashMap<>();

  SlowOperations(RecorderRegistry recorderRegistry, SlowSettings settings) {
    this.recorderRegistry = recorderRegistry;
    this.settings = settings;
  }

  /// To be called about every second by one loop.
  void step() {
    for (SeriesRecorder recorder : recorderRegistry.all()) {
      if (recorder.series().kind() == SeriesKind.OPERATION) {
        String operation = recorder.series().name();
        recorder.longest().forEach(longest -> look(operation, longest));
      }
    }
  }

  private void look(String operation, Longest longest) {
    Duration limit = settings.of(operation);
    Minute last = logged.get(operation);
    boolean news = last == null || longest.minute().isAfter(last);
    if (news && longest.nanos() > limit.toNanos()) {
      logged.put(operation, longest.minute());
      // The first word is what readers of the log search for.
      LOG.log(
          Level.WARNING,
          "performance: {0} took {1} ms, which is more than {2} ms",
          operation,
          Long.toString(Math.round(longest.nanos() / 1e6)),
          Long.toString(limit.toMillis()));
    }
  }
}
