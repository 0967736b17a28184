package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.telemetry.histogram.Histogram;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/// Where one series records during one minute, from many threads.
sealed interface MinuteRecorder {

  TimeSlot slot();

  static MinuteRecorder of(SeriesKind kind) {
    return switch (kind) {
      case OPERATION, TIMER, HISTOGRAM -> new Values();
      case COUNTER -> new Total();
      case GAUGE -> new Level();
    };
  }

  /// Values with their distribution, and failures of work.
  record Values(Histogram histogram, LongAdder errors) implements MinuteRecorder {

    Values() {
      this(new Histogram(), new LongAdder());
    }

    void record(double value, boolean failed) {
      if (failed) {
        errors.increment();
      }
      histogram.record(value);
    }

    @Override
    public TimeSlot slot() {
      return TimeSlot.of(histogram.histogramSnapshot(), errors.sum());
    }
  }

  /// How much was added, and how often.
  record Total(DoubleAdder sum, LongAdder count) implements MinuteRecorder {

    Total() {
      this(new DoubleAdder(), new LongAdder());
    }

    void add(double amount) {
      sum.add(amount);
      count.increment();
    }

    @Override
    public TimeSlot slot() {
      return new TimeSlot(
          count.sum(), 0, sum.sum(), 0, 0, 0, Instant.EPOCH, TimeSlot.EMPTY.distribution());
    }
  }

  /// The latest value and what there was around it.
  record Level(AtomicReference<TimeSlot> state) implements MinuteRecorder {

    Level() {
      this(new AtomicReference<>(TimeSlot.EMPTY));
    }

    void set(double value, Instant now) {
      TimeSlot one =
          new TimeSlot(1, 0, value, value, value, value, now, TimeSlot.EMPTY.distribution());
      state.accumulateAndGet(one, (before, next) -> TimeSlot.inOrder(List.of(before, next)));
    }

    @Override
    public TimeSlot slot() {
      return state.get();
    }
  }
}
