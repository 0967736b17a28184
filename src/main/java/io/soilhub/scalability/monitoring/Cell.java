package io.soilhub.scalability.monitoring;

import io.soilhub.scalability.quantiles.Histogram;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/// Where one series records during one minute, from many threads.
sealed interface Cell {

  Slot slot();

  static Cell of(SeriesKind kind) {
    return switch (kind) {
      case OPERATION, TIMER, HISTOGRAM -> new Values();
      case COUNTER -> new Total();
      case GAUGE -> new Level();
    };
  }

  /// Values with their distribution, and failures of work.
  record Values(Histogram histogram, LongAdder errors) implements Cell {

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
    public Slot slot() {
      return Slot.of(histogram.distribution(), errors.sum());
    }
  }

  /// How much was added, and how often.
  record Total(DoubleAdder sum, LongAdder count) implements Cell {

    Total() {
      this(new DoubleAdder(), new LongAdder());
    }

    void add(double amount) {
      sum.add(amount);
      count.increment();
    }

    @Override
    public Slot slot() {
      return new Slot(count.sum(), 0, sum.sum(), 0, 0, 0, Instant.EPOCH, Slot.EMPTY.distribution());
    }
  }

  /// The latest value and what there was around it.
  record Level(AtomicReference<Slot> state) implements Cell {

    Level() {
      this(new AtomicReference<>(Slot.EMPTY));
    }

    void set(double value, Instant now) {
      Slot one = new Slot(1, 0, value, value, value, value, now, Slot.EMPTY.distribution());
      state.accumulateAndGet(one, (before, next) -> Slot.inOrder(List.of(before, next)));
    }

    @Override
    public Slot slot() {
      return state.get();
    }
  }
}
