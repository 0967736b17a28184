package io.soilhub.scalability.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.testing.HandSetClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AvailabilityTest {

  private Instant now = Instant.parse("2026-01-31T12:00:00Z");
  private long nanos;
  private Exception failure;

  private final Availability availability =
      new Availability(
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
    assertThat(availability.available()).isFalse();
    assertThat(availability.state().checked()).isFalse();
  }

  @Test
  void measuresTheAnswer() {
    availability.step();
    assertThat(availability.available()).isTrue();
    assertThat(availability.state().responseTime()).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void keepsTheTimeOfTheChangeAndTheInnermostReason() {
    availability.step();
    failure = new IllegalStateException("wrapper", new IOException("refused"));
    Instant changed = now.plusSeconds(1);
    now = changed;
    availability.step();
    now = now.plusSeconds(1);
    availability.step();
    assertThat(availability.available()).isFalse();
    assertThat(availability.state().since()).isEqualTo(changed);
    assertThat(availability.state().checkedAt()).isEqualTo(now);
    assertThat(availability.state().error()).contains("refused");
  }

  @Test
  void comesBack() {
    failure = new IOException("refused");
    availability.step();
    failure = null;
    availability.step();
    assertThat(availability.available()).isTrue();
    assertThat(availability.state().error()).isEmpty();
  }
}
