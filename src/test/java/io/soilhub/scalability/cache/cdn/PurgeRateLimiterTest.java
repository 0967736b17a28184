package io.soilhub.scalability.cache.cdn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PurgeRateLimiterTest {

  @ParameterizedTest
  @CsvSource({"5, 200, 800", "1, 1000, 0", "0.08, 12500, 0", "2.5, 400, 400", "1000, 1, 999"})
  void oneSecondsRequestsMayFollowEachOtherAtOnce(double rate, long interval, long slack) {
    PurgeRateLimiter pace = new PurgeRateLimiter(rate);

    assertThat(pace.interval()).isEqualTo(Duration.ofMillis(interval));
    assertThat(pace.slack()).isEqualTo(Duration.ofMillis(slack));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 4", "6, 32", "7, 60", "8, 60", "2000000000, 60"})
  void aPauseDoublesUpToAMinute(int failures, long seconds) {
    assertThat(PurgeRateLimiter.pause(failures, Optional.empty())).hasSeconds(seconds);
  }

  @Property
  void neverShorterThanTheCdnAsksFor(
      @ForAll @IntRange(min = 1) int failures, @ForAll @IntRange(max = 3600) int asked) {
    Duration pause = PurgeRateLimiter.pause(failures, Optional.of(Duration.ofSeconds(asked)));

    assertThat(pause)
        .isGreaterThanOrEqualTo(Duration.ofSeconds(asked))
        .isGreaterThanOrEqualTo(PurgeRateLimiter.pause(failures, Optional.empty()));
  }
}
