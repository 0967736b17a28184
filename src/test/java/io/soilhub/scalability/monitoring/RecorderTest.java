package io.soilhub.scalability.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecorderTest {

  private static final int MINUTES_OF_A_DAY = 1440;

  private final Recorder recorder = new Recorder(Series.operation("work"), 600);

  @Test
  void theRunningMinuteIsSavedAgainOnlyWhenItGrew() {
    recorder.record(1_000, false);
    recorder.record(3_000, true);
    List<Recorder.Unsaved> first = recorder.unsaved();
    assertThat(first).singleElement().extracting(Recorder.Unsaved::minute).isEqualTo(600L);
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
    recorder.roll(601);
    recorder.roll(602);
    recorder.roll(603);
    assertThat(recorder.unsaved())
        .singleElement()
        .extracting(Recorder.Unsaved::minute)
        .isEqualTo(600L);
  }

  @Test
  void aThreadThatTookTheCellBeforeItWasReplacedLosesNothing() {
    Cell.Values late = (Cell.Values) recorder.cell();
    late.record(1_000, false);
    recorder.unsaved().forEach(recorder::saved);
    recorder.roll(601);
    late.record(5_000, true);
    List<Recorder.Unsaved> again = recorder.unsaved();
    assertThat(again).singleElement().extracting(Recorder.Unsaved::minute).isEqualTo(600L);
    assertThat(again.getFirst().slot().count()).isEqualTo(2);
    assertThat(recorder.total().count()).isEqualTo(2);
    recorder.roll(602);
    recorder.roll(603);
    assertThat(recorder.total().count()).isEqualTo(2);
    assertThat(recorder.unsaved().getFirst().slot().errors()).isEqualTo(1);
  }

  @Test
  void aDayWithoutAStoreIsKeptInLittleMemoryAndNothingIsLost() {
    for (int minute = 0; minute < MINUTES_OF_A_DAY; minute++) {
      recorder.roll(600 + minute);
      for (int i = 1; i <= 20; i++) {
        recorder.record(1_000L * i * (minute + 1), false);
      }
    }
    List<Recorder.Unsaved> kept = recorder.unsaved();
    assertThat(kept).hasSizeLessThanOrEqualTo(Recorder.MAX_WAITING + 2);
    assertThat(kept.stream().mapToLong(u -> u.slot().count()).sum())
        .isEqualTo(20L * MINUTES_OF_A_DAY);
    assertThat(recorder.lost()).isZero();
    int bytes = kept.stream().mapToInt(u -> u.slot().distribution().bytes().length).sum();
    assertThat(bytes).isLessThan(64 << 10);
  }

  @Test
  void beyondSomeDaysTheOldestIsGivenUpAndCounted() {
    for (int minute = 0; minute < 5 * MINUTES_OF_A_DAY; minute++) {
      recorder.roll(600 + minute);
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
      recorder.roll(600 + minute);
      recorder.record(1_000, false);
    }
    assertThat(recorder.unsaved().getFirst().minute()).isEqualTo(600);
    assertThat(recorder.unsaved().getFirst().slot().count()).isEqualTo(1);
  }

  @Test
  void aGaugeKeepsItsLatestValueAndACounterItsTotal() {
    Slot early = level(5, "2026-05-01T00:00:10Z");
    Slot late = level(-2, "2026-05-01T00:00:40Z");
    Slot both = Slot.merged(List.of(late, early));
    assertThat(both.latest()).isEqualTo(-2);
    assertThat(both.min()).isEqualTo(-2);
    assertThat(both.max()).isEqualTo(5);
    assertThat(both.average()).isEqualTo(1.5);

    Cell.Total total = (Cell.Total) Cell.of(SeriesKind.COUNTER);
    total.add(2.5);
    total.add(0);
    assertThat(total.slot().sum()).isEqualTo(2.5);
    assertThat(total.slot().count()).isEqualTo(2);
  }

  private static Slot level(double value, String at) {
    Cell.Level level = (Cell.Level) Cell.of(SeriesKind.GAUGE);
    level.set(value, java.time.Instant.parse(at));
    return level.slot();
  }
}
