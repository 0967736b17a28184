package io.soilhub.scalability.balancing.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {

  private static final long MILLI = 1_000_000;
  private final ConcurrencyLimit limit = new ConcurrencyLimit();

  @Test
  void itGrowsWhileAnswersStayAsFast() {
    feed(1000, 10, limit.limit());
    assertThat(limit.limit()).isGreaterThan(250);
  }

  @Test
  void itDoesNotGrowUnused() {
    feed(1000, 10, 3);
    assertThat(limit.limit()).isEqualTo(128);
  }

  @Test
  void aQueueShrinksItAndItComesBack() {
    feed(500, 10, 128);
    int before = limit.limit();
    feed(100, 80, before);
    assertThat(limit.limit()).isLessThan(before / 2);
    int low = limit.limit();
    feed(2000, 10, low);
    assertThat(limit.limit()).isGreaterThan(low);
  }

  @Test
  void silenceShrinksItToItsLeast() {
    for (int i = 0; i < 100; i++) {
      limit.observe(5_000 * MILLI, 100, true);
    }
    assertThat(limit.limit()).isEqualTo(16);
  }

  private void feed(int times, int millis, int active) {
    for (int i = 0; i < times; i++) {
      limit.observe(millis * MILLI, active, false);
    }
  }
}
