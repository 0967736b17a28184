package io.soilhub.scalability.platform.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.testing.HandSetClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DependencyMonitorTest {

  private Instant now = Instant.parse("2026-01-31T12:00:00Z");
  private long nanos;
  private Exception failure;

  private final DependencyMonitor dependencyMonitor =
      new DependencyMonitor(
          "thing",
          () -> {
            nanos += 7_000_000;
            if (failure != null) {
              throw failure;
            }
          },
          new HandSetClock(() -> now),
          () -> nanos);

  @Test
  void isAwayAndUncheckedBeforeTheFirstCheck() {
    assertThat(dependencyMonitor.available()).isFalse();
    assertThat(dependencyMonitor.state().checked()).isFalse();
  }

  @Test
  void measuresTheAnswer() {
    dependencyMonitor.step();
    assertThat(dependencyMonitor.available()).isTrue();
    assertThat(dependencyMonitor.state().responseTime()).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void keepsTheTimeOfTheChangeAndTheInnermostReason() {
    dependencyMonitor.step();
    failure = new IllegalStateException("wrapper", new IOException("refused"));
    Instant changed = now.plusSeconds(1);
    now = changed;
    dependencyMonitor.step();
    now = now.plusSeconds(1);
    dependencyMonitor.step();
    assertThat(dependencyMonitor.available()).isFalse();
    assertThat(dependencyMonitor.state().since()).isEqualTo(changed);
    assertThat(dependencyMonitor.state().checkedAt()).isEqualTo(now);
    assertThat(dependencyMonitor.state().error()).contains("refused");
  }

  @Test
  void comesBack() {
    failure = new IOException("refused");
    dependencyMonitor.step();
    failure = null;
    dependencyMonitor.step();
    assertThat(dependencyMonitor.available()).isTrue();
    assertThat(dependencyMonitor.state().error()).isEmpty();
  }
}
