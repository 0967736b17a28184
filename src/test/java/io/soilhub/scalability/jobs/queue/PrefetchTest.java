package io.soilhub.scalability.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PrefetchTest {

  private static final long HORIZON = Duration.ofMillis(20).toNanos();
  private static final Prefetch PREFETCH = new Prefetch(Duration.ofNanos(HORIZON), 100);
  private static final long LONG = Duration.ofSeconds(2).toNanos();
  private static final long SHORT = Duration.ofMillis(1).toNanos();

  @Property
  void whatIsHeldAheadIsNeverMoreThanTheHorizonHolds(
      @ForAll @IntRange(min = 1, max = 64) int slots,
      @ForAll @Size(max = 64) long[] busy,
      @ForAll @IntRange(min = 0, max = 300) int held,
      @ForAll @LongRange(min = 0, max = 10_000_000_000L) long next) {
    int idle = Math.max(0, slots - busy.length);
    int wanted = PREFETCH.wanted(slots, busy, held, held * next, next, false);
    long room = (idle + busy.length) * HORIZON / Math.max(1, next);
    if (wanted > 0) {
      assertThat(held + wanted - idle).isLessThanOrEqualTo((int) Math.min(100, room));
    }
    assertThat(wanted).isNotNegative();
  }

  @Property
  void anIdleSlotWithNothingHeldAlwaysAsks(
      @ForAll @IntRange(min = 1, max = 64) int idle,
      @ForAll @LongRange(min = 0, max = 10_000_000_000L) long next,
      @ForAll boolean limited) {
    long[] busy = new long[64 - idle];
    Arrays.fill(busy, LONG);
    assertThat(PREFETCH.wanted(64, busy, 0, 0, next, limited)).isGreaterThanOrEqualTo(idle);
  }

  @Test
  void aLimitedQueueIsNotTakenAheadOf() {
    assertThat(PREFETCH.wanted(4, new long[] {1, 1}, 0, 0, 1000, true)).isEqualTo(2);
    assertThat(PREFETCH.wanted(4, new long[] {1, 1, 1, 1}, 0, 0, 1000, true)).isZero();
    assertThat(PREFETCH.wanted(4, new long[] {1, 1}, 2, 2000, 1000, true)).isZero();
  }

  @Test
  void longWorkIsNotHoardedAndShortWorkIsAskedForInBulk() {
    long[] busy = {1000, 1000};
    assertThat(PREFETCH.wanted(2, busy, 0, 0, LONG, false)).isZero();
    assertThat(PREFETCH.wanted(2, busy, 0, 0, 10_000, false)).isEqualTo(100);
    assertThat(PREFETCH.wanted(2, busy, 60, 600_000, 10_000, false)).isZero();
  }

  @Test
  void nothingIsTakenWhileLongWorkHoldsAllSlots() {
    assertThat(PREFETCH.wanted(2, new long[] {LONG, LONG}, 0, 0, SHORT, false)).isZero();
    assertThat(PREFETCH.wanted(2, new long[] {LONG, SHORT}, 0, 0, SHORT, false)).isEqualTo(19);
  }

  @Test
  void aLongOneThatIsHeldCountsAsManyShortOnes() {
    assertThat(PREFETCH.wanted(2, new long[] {0, 0}, 1, LONG, SHORT, false)).isZero();
  }
}
