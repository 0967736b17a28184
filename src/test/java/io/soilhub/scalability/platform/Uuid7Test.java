package io.soilhub.scalability.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class Uuid7Test {

  /// Shows the given times one after the other, also backwards.
  private static final class ScriptedClock extends Clock {
    private final java.util.Iterator<Long> times;

    ScriptedClock(List<Long> times) {
      this.times = times.iterator();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(times.next());
    }
  }

  @Property
  void growsWhateverTheClockDoes(
      @ForAll @Size(min = 2, max = 200) List<@LongRange(min = 0, max = 1L << 41) Long> times) {
    Uuid7 ids = new Uuid7(new ScriptedClock(times), new SplittableRandom(1));

    List<UUID> made = Stream.generate(ids::next).limit(times.size()).toList();

    assertThat(made.stream().map(UUID::toString).toList()).isSorted().doesNotHaveDuplicates();
    assertThat(made).allMatch(id -> id.version() == 7 && id.variant() == 2);
  }

  @Property
  void carriesTheTime(@ForAll @LongRange(min = 1, max = 1L << 41) long millis) {
    Uuid7 ids = new Uuid7(new ScriptedClock(List.of(millis)), new SplittableRandom(1));

    assertThat(ids.next().getMostSignificantBits() >>> 16).isEqualTo(millis);
  }
}
