package io.soilhub.scalability.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.testing.HandSetClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlowOperationsTest {

  private static final Logger LOG = Logger.getLogger(SlowOperations.class.getName());

  private final List<String> lines = new ArrayList<>();
  private final Handler handler = handler();
  private final HandSetClock clock = new HandSetClock("2026-05-01T00:00:00Z");
  private final RecorderRegistry recorderRegistry = new RecorderRegistry(100, 100, clock);
  private final MetricsRecorder metricsRecorder =
      new MetricsRecorder(recorderRegistry, () -> 0, clock);
  private final SlowOperations slow =
      new SlowOperations(
          recorderRegistry, new SlowSettings(Duration.ofSeconds(60), Duration.ofSeconds(2)));

  @BeforeEach
  void listen() {
    LOG.addHandler(handler);
  }

  @AfterEach
  void leave() {
    LOG.removeHandler(handler);
  }

  @Test
  void anOperationThatTookLongerThanItsLimitIsLoggedOnceAMinute() {
    took("rest.jobs.list", 2000);
    took("job.variety_recommendation", 59_000);
    metricsRecorder.counter("rain", Labels.NONE).add(1e12);
    step(Duration.ZERO);
    assertThat(lines).isEmpty();

    took("rest.jobs.list", 2310);
    took("rest.jobs.list", 7000);
    step(Duration.ZERO);
    took("rest.jobs.list", 8000);
    step(Duration.ofSeconds(30));
    assertThat(lines)
        .containsExactly("performance: rest.jobs.list took 7000 ms, which is more than 2000 ms");

    lines.clear();
    step(Duration.ofSeconds(30));
    step(Duration.ofSeconds(59));
    assertThat(lines).as("what was slow before is no news").isEmpty();
    took("rest.jobs.list", 3000);
    took("job.variety_recommendation", 61_000);
    step(Duration.ofSeconds(1));
    assertThat(lines)
        .containsExactlyInAnyOrder(
            "performance: rest.jobs.list took 3000 ms, which is more than 2000 ms",
            "performance: job.variety_recommendation took 61000 ms, which is more than 60000 ms");
  }

  /// Recorded just before its minute ended and looked at after.
  @Test
  void whatWasSlowAtTheEndOfAMinuteIsNotMissed() {
    took("http", 1);
    step(Duration.ofSeconds(59));
    took("http", 5000);
    step(Duration.ofSeconds(1));
    assertThat(lines).hasSize(1);
  }

  private void took(String operation, long millis) {
    metricsRecorder.timer(operation).record(millis * 1_000_000, false);
  }

  private void step(Duration passed) {
    clock.forward(passed);
    recorderRegistry.roll();
    slow.step();
  }

  private Handler handler() {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        lines.add(new SimpleFormatter().formatMessage(line));
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
