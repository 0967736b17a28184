package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunTimesTest {

  private static final long SHORT = Duration.ofMillis(1).toNanos();
  private static final long LONG = Duration.ofSeconds(2).toNanos();

  private final RunTimes times = new RunTimes();

  @Test
  void aTypeThatHasNotRunIsTakenForLong() {
    assertThat(times.taken("new")).isEqualTo(Duration.ofSeconds(1).toNanos());
    assertThat(times.next()).isEqualTo(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void eachTypeHasItsOwnTime() {
    for (int i = 0; i < 10; i++) {
      times.ran("short", SHORT);
      times.ran("long", LONG);
    }
    assertThat(times.taken("short")).isEqualTo(SHORT);
    assertThat(times.taken("long")).isEqualTo(LONG);
  }

  @Test
  void theNextOneIsExpectedInTheSharesOfLate() {
    times.ran("short", SHORT);
    times.ran("long", LONG);
    for (int i = 0; i < 1000; i++) {
      times.taken("short");
    }
    assertThat(times.next()).isBetween(SHORT, SHORT + 1);
    times.taken("long");
    assertThat(times.next()).isBetween(LONG / 60, LONG / 40);
  }

  @Test
  void oneInAHundredOfTheSameTypeIsRemembered() {
    for (int i = 0; i < 1000; i++) {
      times.ran("mixed", i % 100 == 0 ? LONG : SHORT);
    }
    assertThat(times.taken("mixed")).isBetween(5 * SHORT, 60 * SHORT);
  }
}
