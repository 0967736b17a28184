package io.soilhub.scalability.platform.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.testing.HandSetClock;
import java.time.Clock;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class Uuid7Test {

  @Property
  void growsAlsoWhileTheClockGoesBackByUpToAMinute(
      @ForAll @LongRange(min = 0, max = 1L << 41) long begin,
      @ForAll @Size(min = 2, max = 200) List<@LongRange(min = 0, max = 59_000) Long> offsets) {
    List<Long> times = offsets.stream().map(offset -> begin + offset).toList();
    Uuid7 ids = new Uuid7(shows(times), new SplittableRandom(1));

    List<UUID> made = Stream.generate(ids::next).limit(times.size()).toList();

    assertThat(made.stream().map(UUID::toString).toList()).isSorted().doesNotHaveDuplicates();
    assertThat(made).allMatch(id -> id.version() == 7 && id.variant() == 2);
  }

  @Property
  void carriesTheTime(@ForAll @LongRange(min = 1, max = 1L << 41) long millis) {
    Uuid7 ids = new Uuid7(shows(List.of(millis)), new SplittableRandom(1));

    assertThat(ids.next().getMostSignificantBits() >>> 16).isEqualTo(millis);
  }

  @Property
  void neverRepeatsAndIsAtMostAMinuteAheadOfItsClock(
      @ForAll @Size(min = 2, max = 200) List<@LongRange(min = 0, max = 1L << 41) Long> times) {
    Uuid7 ids = new Uuid7(shows(times), new SplittableRandom(1));

    List<UUID> made = Stream.generate(ids::next).limit(times.size()).toList();

    assertThat(made).doesNotHaveDuplicates();
    for (int i = 0; i < made.size(); i++) {
      long ahead = (made.get(i).getMostSignificantBits() >>> 16) - times.get(i);
      assertThat(ahead).isBetween(0L, 60_001L);
    }
  }

  /// The given times one after the other, also backwards.
  private static Clock shows(List<Long> times) {
    Iterator<Long> next = times.iterator();
    return new HandSetClock(() -> Instant.ofEpochMilli(next.next()));
  }
}
