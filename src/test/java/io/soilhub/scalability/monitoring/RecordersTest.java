package io.soilhub.scalability.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.testing.HandSetClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecordersTest {

  private final HandSetClock clock = new HandSetClock("2026-05-01T00:00:00Z");
  private final Recorders recorders = new Recorders(3, 2, clock);
  private final AtomicLong nanos = new AtomicLong();
  private final Monitor monitor = new Monitor(recorders, () -> nanos.getAndAdd(1_000_000), clock);

  @Test
  void workIsTimedAndCountsAsFailedWhenItThrows() {
    assertThat(monitor.time("work", () -> 7)).isEqualTo(7);
    assertThatThrownBy(
            () ->
                monitor.time(
                    "work",
                    () -> {
                      throw new java.io.IOException("away");
                    }))
        .isInstanceOf(java.io.IOException.class);
    Slot slot = recorders.of(Series.operation("work")).total();
    assertThat(slot.count()).isEqualTo(2);
    assertThat(slot.errors()).isEqualTo(1);
    assertThat(slot.average()).isEqualTo(1e6);
  }

  @Test
  void labelsBeyondTheBoundArePutTogetherAndCounted() {
    for (int i = 0; i < 5; i++) {
      monitor.counter("visits", Labels.of("page", "p" + i)).add(1);
    }
    assertThat(recorders.all()).hasSize(3);
    Series overflow = new Series(SeriesKind.COUNTER, "visits", Recorders.OVERFLOW);
    assertThat(recorders.of(overflow).total().sum()).isEqualTo(3);
    assertThat(recorders.overflowed()).isEqualTo(3);
    assertThat(recorders.of(new Series(SeriesKind.COUNTER, "visits", Labels.of("page", "p0"))))
        .extracting(r -> r.total().sum())
        .isEqualTo(1.0);
  }

  @Test
  void namesBeyondTheBoundArePutTogether() {
    for (int i = 0; i < 10; i++) {
      monitor.timer("operation." + i).record(1, false);
    }
    assertThat(recorders.all()).hasSize(4);
    assertThat(recorders.of(Series.operation(Series.OVERFLOW)).total().count()).isEqualTo(7);
  }

  @Test
  void aNameMayHaveItsOwnBound() {
    for (int i = 0; i < 9; i++) {
      monitor.gauge("verdict", Labels.of("of", "o" + i), 8).set(i);
    }
    assertThat(recorders.all()).hasSize(8 + 1);
    assertThat(recorders.overflowed()).isEqualTo(1);
  }

  @Test
  void noNumberOfValuesAddsUpToInfinity() {
    Monitor.Counter counter = monitor.counter("yield", Labels.NONE);
    Monitor.Gauge gauge = monitor.gauge("stock", Labels.NONE);
    Monitor.Values values = monitor.histogram("size", Labels.NONE);
    for (double value : new double[] {1.7e308, 1e100, 1e100, 1.7e308}) {
      counter.add(value);
      gauge.set(value);
      values.record(value);
    }
    assertThat(recorders.all())
        .allSatisfy(r -> assertThat(r.total().sum()).isEqualTo(2e100))
        .allSatisfy(r -> assertThat(r.total().count()).isEqualTo(2));
    Slot stored = new Slot(1, 0, 1.7e308, 0, 0, 0, Instant.EPOCH, Slot.EMPTY.distribution());
    assertThat(Slot.merged(List.of(stored, stored)).sum()).isFinite();
  }

  @Test
  void whatIsNoNumberIsIgnored() {
    monitor.gauge("level", Labels.NONE).set(Double.NaN);
    monitor.counter("grown", Labels.NONE).add(-1);
    monitor.histogram("size", Labels.NONE).record(Double.POSITIVE_INFINITY);
    assertThat(recorders.all()).allSatisfy(r -> assertThat(r.total().count()).isZero());
  }

  @Test
  void namesAndLabelsAreLooked() {
    assertThatThrownBy(() -> monitor.timer("with space"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Labels.of("__name__", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whenTheClockIsSetBackRecordsFollowIt() {
    OperationTimer timer = monitor.timer("work");
    Recorder recorder = recorders.of(Series.operation("work"));
    timer.record(1, false);
    clock.forward(Duration.ofMinutes(-29));
    recorders.roll();
    timer.record(2, false);
    monitor.timer("new").record(1, false);
    long now = Minute.number(clock.instant());
    assertThat(recorder.unsaved())
        .extracting(Recorder.Unsaved::minute)
        .containsExactly(new Minute(now + 29, 0), new Minute(now, 1));
    assertThat(recorders.of(Series.operation("new")).unsaved())
        .extracting(Recorder.Unsaved::minute)
        .containsExactly(new Minute(now, 1));
    // What is already stored of a minute stays, however often the minute comes.
    recorder.unsaved().forEach(recorder::saved);
    clock.forward(Duration.ofMinutes(29));
    recorders.roll();
    timer.record(3, false);
    assertThat(recorder.unsaved())
        .extracting(Recorder.Unsaved::minute)
        .containsExactly(new Minute(now + 29, 1));
    assertThat(recorder.total().count()).isEqualTo(3);
    assertThat(recorder.lost()).isZero();
  }

  @Test
  void aClockThatIsCorrectedByLessThanAMinuteMakesNoNewRun() {
    OperationTimer timer = monitor.timer("work");
    timer.record(1, false);
    clock.forward(Duration.ofSeconds(-50));
    recorders.roll();
    timer.record(2, false);
    assertThat(recorders.of(Series.operation("work")).unsaved())
        .singleElement()
        .satisfies(one -> assertThat(one.slot().count()).isEqualTo(2));
  }

  @Test
  void familiesTellWhatWasRecordedSinceTheStart() {
    OperationTimer timer = monitor.timer("work");
    timer.record(900_000, false);
    recorders.roll();
    clock.forward(Duration.ofMinutes(1));
    recorders.roll();
    timer.record(3_000_000_000L, true);
    clock.forward(Duration.ofMinutes(1));
    recorders.roll();
    clock.forward(Duration.ofMinutes(1));
    recorders.roll();
    var families = new RecordedFamilies(recorders).families();
    Family durations = families.getFirst();
    assertThat(durations.name()).isEqualTo("soilhub_operation_duration_seconds");
    Family.Distribution work = (Family.Distribution) durations.samples().getFirst();
    assertThat(work.labels()).isEqualTo(Labels.of("operation", "work"));
    assertThat(work.sum()).isEqualTo(3.0009);
    assertThat(work.counts().getLast()).isEqualTo(2);
    assertThat(work.counts().get(work.bounds().indexOf(0.001))).isEqualTo(1);
    assertThat(work.counts().get(work.bounds().indexOf(2.0))).isEqualTo(1);
    assertThat(work.counts().get(work.bounds().indexOf(5.0))).isEqualTo(2);
  }
}
