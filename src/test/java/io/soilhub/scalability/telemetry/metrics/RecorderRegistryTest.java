package io.soilhub.scalability.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.testing.HandSetClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecorderRegistryTest {

  private final HandSetClock clock = new HandSetClock("2026-05-01T00:00:00Z");
  private final RecorderRegistry recorderRegistry = new RecorderRegistry(3, 2, clock);
  private final AtomicLong nanos = new AtomicLong();
  private final MetricsRecorder metricsRecorder =
      new MetricsRecorder(recorderRegistry, () -> nanos.getAndAdd(1_000_000), clock);

  @Test
  void workIsTimedAndCountsAsFailedWhenItThrows() {
    assertThat(metricsRecorder.time("work", () -> 7)).isEqualTo(7);
    assertThatThrownBy(
            () ->
                metricsRecorder.time(
                    "work",
                    () -> {
                      throw new java.io.IOException("away");
                    }))
        .isInstanceOf(java.io.IOException.class);
    TimeSlot slot = recorderRegistry.of(Series.operation("work")).total();
    assertThat(slot.count()).isEqualTo(2);
    assertThat(slot.errors()).isEqualTo(1);
    assertThat(slot.average()).isEqualTo(1e6);
  }

  @Test
  void labelsBeyondTheBoundArePutTogetherAndCounted() {
    for (int i = 0; i < 5; i++) {
      metricsRecorder.counter("visits", Labels.of("page", "p" + i)).add(1);
    }
    assertThat(recorderRegistry.all()).hasSize(3);
    Series overflow = new Series(SeriesKind.COUNTER, "visits", RecorderRegistry.OVERFLOW);
    assertThat(recorderRegistry.of(overflow).total().sum()).isEqualTo(3);
    assertThat(recorderRegistry.overflowed()).isEqualTo(3);
    assertThat(
            recorderRegistry.of(new Series(SeriesKind.COUNTER, "visits", Labels.of("page", "p0"))))
        .extracting(r -> r.total().sum())
        .isEqualTo(1.0);
  }

  @Test
  void namesBeyondTheBoundArePutTogether() {
    for (int i = 0; i < 10; i++) {
      metricsRecorder.timer("operation." + i).record(1, false);
    }
    assertThat(recorderRegistry.all()).hasSize(4);
    assertThat(recorderRegistry.of(Series.operation(Series.OVERFLOW)).total().count()).isEqualTo(7);
  }

  @Test
  void aNameMayHaveItsOwnBound() {
    for (int i = 0; i < 9; i++) {
      metricsRecorder.gauge("verdict", Labels.of("of", "o" + i), 8).set(i);
    }
    assertThat(recorderRegistry.all()).hasSize(8 + 1);
    assertThat(recorderRegistry.overflowed()).isEqualTo(1);
  }

  @Test
  void noNumberOfValuesAddsUpToInfinity() {
    MetricsRecorder.Counter counter = metricsRecorder.counter("yield", Labels.NONE);
    MetricsRecorder.Gauge gauge = metricsRecorder.gauge("stock", Labels.NONE);
    MetricsRecorder.Values values = metricsRecorder.histogram("size", Labels.NONE);
    for (double value : new double[] {1.7e308, 1e100, 1e100, 1.7e308}) {
      counter.add(value);
      gauge.set(value);
      values.record(value);
    }
    assertThat(recorderRegistry.all())
        .allSatisfy(r -> assertThat(r.total().sum()).isEqualTo(2e100))
        .allSatisfy(r -> assertThat(r.total().count()).isEqualTo(2));
    TimeSlot stored =
        new TimeSlot(1, 0, 1.7e308, 0, 0, 0, Instant.EPOCH, TimeSlot.EMPTY.distribution());
    assertThat(TimeSlot.merged(List.of(stored, stored)).sum()).isFinite();
  }

  @Test
  void whatIsNoNumberIsIgnored() {
    metricsRecorder.gauge("level", Labels.NONE).set(Double.NaN);
    metricsRecorder.counter("grown", Labels.NONE).add(-1);
    metricsRecorder.histogram("size", Labels.NONE).record(Double.POSITIVE_INFINITY);
    assertThat(recorderRegistry.all()).allSatisfy(r -> assertThat(r.total().count()).isZero());
  }

  @Test
  void namesAndLabelsAreLooked() {
    assertThatThrownBy(() -> metricsRecorder.timer("with space"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Labels.of("__name__", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whenTheClockIsSetBackRecordsFollowIt() {
    OperationTimer timer = metricsRecorder.timer("work");
    SeriesRecorder recorder = recorderRegistry.of(Series.operation("work"));
    timer.record(1, false);
    clock.forward(Duration.ofMinutes(-29));
    recorderRegistry.roll();
    timer.record(2, false);
    metricsRecorder.timer("new").record(1, false);
    long now = Minute.number(clock.instant());
    assertThat(recorder.unsaved())
        .extracting(SeriesRecorder.Unsaved::minute)
        .containsExactly(new Minute(now + 29, 0), new Minute(now, 1));
    assertThat(recorderRegistry.of(Series.operation("new")).unsaved())
        .extracting(SeriesRecorder.Unsaved::minute)
        .containsExactly(new Minute(now, 1));
    // What is already stored of a minute stays, however often the minute comes.
    recorder.unsaved().forEach(recorder::saved);
    clock.forward(Duration.ofMinutes(29));
    recorderRegistry.roll();
    timer.record(3, false);
    assertThat(recorder.unsaved())
        .extracting(SeriesRecorder.Unsaved::minute)
        .containsExactly(new Minute(now + 29, 1));
    assertThat(recorder.total().count()).isEqualTo(3);
    assertThat(recorder.lost()).isZero();
  }

  @Test
  void aClockThatIsCorrectedByLessThanAMinuteMakesNoNewRun() {
    OperationTimer timer = metricsRecorder.timer("work");
    timer.record(1, false);
    clock.forward(Duration.ofSeconds(-50));
    recorderRegistry.roll();
    timer.record(2, false);
    assertThat(recorderRegistry.of(Series.operation("work")).unsaved())
        .singleElement()
        .satisfies(one -> assertThat(one.slot().count()).isEqualTo(2));
  }

  @Test
  void familiesTellWhatWasRecordedSinceTheStart() {
    OperationTimer timer = metricsRecorder.timer("work");
    timer.record(900_000, false);
    recorderRegistry.roll();
    clock.forward(Duration.ofMinutes(1));
    recorderRegistry.roll();
    timer.record(3_000_000_000L, true);
    clock.forward(Duration.ofMinutes(1));
    recorderRegistry.roll();
    clock.forward(Duration.ofMinutes(1));
    recorderRegistry.roll();
    var families = new RecordedMetrics(recorderRegistry).families();
    MetricFamily durations = families.getFirst();
    assertThat(durations.name()).isEqualTo("soilhub_operation_duration_seconds");
    MetricFamily.Distribution work = (MetricFamily.Distribution) durations.samples().getFirst();
    assertThat(work.labels()).isEqualTo(Labels.of("operation", "work"));
    assertThat(work.sum()).isEqualTo(3.0009);
    assertThat(work.counts().getLast()).isEqualTo(2);
    assertThat(work.counts().get(work.bounds().indexOf(0.001))).isEqualTo(1);
    assertThat(work.counts().get(work.bounds().indexOf(2.0))).isEqualTo(1);
    assertThat(work.counts().get(work.bounds().indexOf(5.0))).isEqualTo(2);
  }
}
