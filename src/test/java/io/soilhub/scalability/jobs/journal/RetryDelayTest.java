package io.soilhub.scalability.jobs.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class RetryDelayTest {

  /// The twin computes without any bound on the size of numbers.
  @Property
  void theCeilingDoublesUpToTheCapWhateverTheAttempt(
      @ForAll @LongRange(min = 1, max = 3_600_000) long base,
      @ForAll @LongRange(min = 0, max = 1L << 50) long above,
      @ForAll @IntRange(min = 1, max = 200_000) int attempt) {
    long cap = base + above;
    long expected =
        BigInteger.valueOf(base)
            .shiftLeft(Math.min(attempt - 1, 100))
            .min(BigInteger.valueOf(cap))
            .longValueExact();
    RetryDelay delay = new RetryDelay(Duration.ofMillis(base), Duration.ofMillis(cap));
    assertThat(delay.ceiling(attempt).toMillis()).isEqualTo(expected);
    assertThat(delay.ceiling(Integer.MAX_VALUE).toMillis()).isEqualTo(cap);
  }

  @Property(tries = 200)
  void theJitterIsFullAndNeverAboveTheCeiling(@ForAll @IntRange(min = 1, max = 60) int attempt) {
    RetryDelay delay = new RetryDelay(Duration.ofSeconds(1), Duration.ofMinutes(10));
    SplittableRandom random = new SplittableRandom(attempt);
    long ceiling = delay.ceiling(attempt).toMillis();
    long[] drawn =
        LongStream.generate(() -> delay.after(attempt, random).toMillis()).limit(400).toArray();
    assertThat(Arrays.stream(drawn).filter(ms -> ms < 0 || ms > ceiling).count()).isZero();
    double mean = Arrays.stream(drawn).average().orElseThrow();
    assertThat(mean).isBetween(ceiling * 0.4, ceiling * 0.6);
  }
}
