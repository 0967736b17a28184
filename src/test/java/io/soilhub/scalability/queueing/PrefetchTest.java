package io.soilhub.scalability.queueing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PrefetchTest {

  private static final Prefetch PREFETCH = new Prefetch(Duration.ofMillis(20), 100);

  @Property
  void whatIsHeldAheadIsNeverMoreThanTheHorizonHolds(
      @ForAll @IntRange(min = 1, max = 64) int slots,
      @ForAll @IntRange(min = 0, max = 64) int idle,
      @ForAll @IntRange(min = 0, max = 300) int held,
      @ForAll @LongRange(min = 0, max = 10_000_000_000L) long average) {
    int wanted = PREFETCH.wanted(slots, idle, held, average, false);
    double horizon = slots * 20_000_000.0 / Math.max(1, average);
    if (wanted > 0) {
      assertThat(held + wanted - idle).isLessThanOrEqualTo((int) Math.min(100, horizon));
    }
    assertThat(wanted).isNotNegative();
  }

  @Property
  void anIdleSlotWithNothingHeldAlwaysAsks(
      @ForAll @IntRange(min = 1, max = 64) int idle,
      @ForAll @LongRange(min = 0, max = 10_000_000_000L) long average,
      @ForAll boolean limited) {
    assertThat(PREFETCH.wanted(64, idle, 0, average, limited)).isGreaterThanOrEqualTo(idle);
  }

  @Test
  void aLimitedQueueIsNotTakenAheadOf() {
    assertThat(PREFETCH.wanted(4, 2, 0, 1000, true)).isEqualTo(2);
    assertThat(PREFETCH.wanted(4, 0, 0, 1000, true)).isZero();
    assertThat(PREFETCH.wanted(4, 2, 2, 1000, true)).isZero();
  }

  @Test
  void longWorkIsNotHoardedAndShortWorkIsAskedForInBulk() {
    assertThat(PREFETCH.wanted(2, 0, 0, Duration.ofSeconds(1).toNanos(), false)).isZero();
    assertThat(PREFETCH.wanted(2, 0, 0, 10_000, false)).isEqualTo(100);
    assertThat(PREFETCH.wanted(2, 0, 60, 10_000, false)).isZero();
  }
}
