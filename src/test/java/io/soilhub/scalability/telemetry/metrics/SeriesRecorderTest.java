package io.soilhub.scalability.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.telemetry.histogram.Histogram;
import io.soilhub.scalability.telemetry.histogram.HistogramSnapshot;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesRecorderTest {

  private static final int MINUTES_OF_A_DAY = 1440;
  private static final int A_MINUTE = 2000;

  private final SeriesRecorder recorder = new SeriesRecorder(Series.operation("work"), minute(600));

  @Test
  void theRunningMinuteIsSavedAgainOnlyWhenItGrew() {
    recorder.record(1_000, false);
    recorder.record(3_000, true);
    List<SeriesRecorder.Unsaved> first = recorder.unsaved();
    assertThat(first)
        .singleElement()
        .extracting(SeriesRecorder.Unsaved::minute)
        .isEqualTo(minute(600));
    assertThat(first.getFirst().slot().count()).isEqualTo(2);
    assertThat(first.getFirst().slot().errors()).isEqualTo(1);
    recorder.saved(first.getFirst());
    assertThat(recorder.unsaved()).isEmpty();

    recorder.record(2_000, false);
    assertThat(recorder.unsaved().getFirst().slot().count()).isEqualTo(3);
  }

  @Test
  void whatFailsToBeSavedIsOfferedAgain() {
    recorder.record(1_000, false);
    assertThat(recorder.unsaved()).hasSize(1);
    assertThat(recorder.unsaved()).hasSize(1);
    recorder.roll(minute(601));
    recorder.roll(minute(602));
    recorder.roll(minute(603));
    assertThat(recorder.unsaved())
        .singleElement()
        .extracting(SeriesRecorder.Unsaved::minute)
        .isEqualTo(minute(600));
  }

  @Test
  void aThreadThatTookTheCellBeforeItWasReplacedLosesNothing() {
    MinuteRecorder.Values late = (MinuteRecorder.Values) recorder.minuteRecorder();
    late.record(1_000, false);
    recorder.unsaved().forEach(recorder::saved);
    recorder.roll(minute(601));
    late.record(5_000, true);
    List<SeriesRecorder.Unsaved> again = recorder.unsaved();
    assertThat(again)
        .singleElement()
        .extracting(SeriesRecorder.Unsaved::minute)
        .isEqualTo(minute(600));
    assertThat(again.getFirst().slot().count()).isEqualTo(2);
    assertThat(recorder.total().count()).isEqualTo(2);
    recorder.roll(minute(602));
    recorder.roll(minute(603));
    assertThat(recorder.total().count()).isEqualTo(2);
    assertThat(recorder.unsaved().getFirst().slot().errors()).isEqualTo(1);
  }

  /// Values spread over seventeen octaves; the benchmark measures the heap.
  @Test
  void aDayWithoutAStoreIsKeptInLittleMemoryAndNothingIsLost() {
    UnsavedSlots unsavedSlots = new UnsavedSlots();
    Random random = new Random(3);
    int bytes = 0;
    for (int minute = 0; minute < MINUTES_OF_A_DAY; minute++) {
      Histogram histogram = new Histogram();
      for (int i = 0; i < A_MINUTE; i++) {
        histogram.record(2e6 * Math.exp(1.5 * random.nextGaussian()));
      }
      unsavedSlots.add(minute(minute), TimeSlot.of(histogram.histogramSnapshot(), 1), false);
      if (minute % 97 == 0) {
        bytes =
            Math.max(
                bytes, unsavedSlots.unsaved().stream().mapToInt(SeriesRecorderTest::packed).sum());
      }
    }
    List<SeriesRecorder.Unsaved> kept = unsavedSlots.unsaved();
    assertThat(kept.stream().mapToLong(u -> u.slot().count()).sum())
        .isEqualTo((long) A_MINUTE * MINUTES_OF_A_DAY);
    assertThat(kept.stream().mapToLong(u -> u.slot().errors()).sum()).isEqualTo(MINUTES_OF_A_DAY);
    assertThat(kept.stream().map(SeriesRecorder.Unsaved::minute))
        .contains(minute(0), minute(60), minute(1380));
    assertThat(unsavedSlots.lost()).isZero();
    assertThat(bytes).isLessThanOrEqualTo(UnsavedSlots.MOST_BYTES);
  }

  @Test
  void aShortOutageKeepsItsMinutes() {
    for (int minute = 0; minute < 60; minute++) {
      recorder.record(1_000, false);
      recorder.roll(minute(601 + minute));
    }
    assertThat(recorder.unsaved()).hasSize(60);
  }

  @Test
  void whatIsPackedComesBackAsItWas() {
    TimeSlot slot = TimeSlot.merged(List.of(level(5, "2026-05-01T00:00:10Z")));
    assertThat(TimeSlot.Packed.of(slot).slot()).isEqualTo(slot);
    for (int i = 1; i <= 1000; i++) {
      recorder.record(i * 997L * i, i % 7 == 0);
    }
    TimeSlot recorded = recorder.total();
    TimeSlot back = TimeSlot.Packed.of(recorded).slot();
    assertThat(back.with(HistogramSnapshot.EMPTY))
        .isEqualTo(recorded.with(HistogramSnapshot.EMPTY));
    assertThat(back.distribution().bytes()).isEqualTo(recorded.distribution().bytes());
  }

  @Test
  void beyondSomeDaysTheOldestIsGivenUpAndCounted() {
    for (int minute = 0; minute < 5 * MINUTES_OF_A_DAY; minute++) {
      recorder.roll(minute(600 + minute));
      recorder.record(1_000, false);
    }
    long kept = recorder.unsaved().stream().mapToLong(u -> u.slot().count()).sum();
    assertThat(recorder.lost()).isPositive();
    assertThat(kept + recorder.lost()).isEqualTo(5L * MINUTES_OF_A_DAY);
    assertThat(recorder.total().count()).isEqualTo(5L * MINUTES_OF_A_DAY);
  }

  @Test
  void aMinuteOfWhichPartsMayBeStoredKeepsItsMinute() {
    recorder.record(1_000, false);
    recorder.unsaved().forEach(recorder::sending);
    for (int minute = 1; minute < 200; minute++) {
      recorder.roll(minute(600 + minute));
      recorder.record(1_000, false);
    }
    assertThat(recorder.unsaved().getFirst().minute()).isEqualTo(minute(600));
    assertThat(recorder.unsaved().getFirst().slot().count()).isEqualTo(1);
  }

  @Test
  void aGaugeKeepsItsLatestValueAndACounterItsTotal() {
    TimeSlot early = level(5, "2026-05-01T00:00:10Z");
    TimeSlot late = level(-2, "2026-05-01T00:00:40Z");
    TimeSlot both = TimeSlot.merged(List.of(late, early));
    assertThat(both.latest()).isEqualTo(-2);
    assertThat(both.min()).isEqualTo(-2);
    assertThat(both.max()).isEqualTo(5);
    assertThat(both.average()).isEqualTo(1.5);

    MinuteRecorder.Total total = (MinuteRecorder.Total) MinuteRecorder.of(SeriesKind.COUNTER);
    total.add(2.5);
    total.add(0);
    assertThat(total.slot().sum()).isEqualTo(2.5);
    assertThat(total.slot().count()).isEqualTo(2);
  }

  private static Minute minute(long number) {
    return new Minute(number, 0);
  }

  private static int packed(SeriesRecorder.Unsaved unsaved) {
    return TimeSlot.Packed.of(unsaved.slot()).bytes();
  }

  private static TimeSlot level(double value, String at) {
    MinuteRecorder.Level level = (MinuteRecorder.Level) MinuteRecorder.of(SeriesKind.GAUGE);
    level.set(value, java.time.Instant.parse(at));
    return level.slot();
  }
}
