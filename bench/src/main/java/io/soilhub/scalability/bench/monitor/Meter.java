package io.soilhub.scalability.bench.monitor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricsRecorder;
import io.soilhub.scalability.telemetry.metrics.OperationTimer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Recorder;

/// What records a value, each with its handle kept. Each is measured in a JVM of its own.
enum Meter {
  OUR_COUNTER("Soil Hub Scalability, counter", Meter::ourCounter),
  MICROMETER_COUNTER("Micrometer, counter", Meter::micrometerCounter),
  LONG_ADDER("LongAdder", Meter::longAdder),
  OUR_TIMER("Soil Hub Scalability, timer", Meter::ourTimer),
  HDR_ATOMIC("HdrHistogram, AtomicHistogram of 2 digits", Meter::hdrAtomic),
  HDR_RECORDER("HdrHistogram, Recorder of 2 digits", Meter::hdrRecorder),
  MICROMETER_TIMER("Micrometer, timer without quantiles", () -> micrometerTimer(false)),
  MICROMETER_QUANTILES("Micrometer, timer with p50, p95, p99", () -> micrometerTimer(true));

  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

  private final String label;
  private final Supplier<LongConsumer> maker;

  Meter(String label, Supplier<LongConsumer> maker) {
    this.label = label;
    this.maker = maker;
  }

  String label() {
    return label;
  }

  /// @return takes nanoseconds
  LongConsumer make() {
    return maker.get();
  }

  private static LongConsumer ourCounter() {
    MetricsRecorder.Counter counter = MetricsRecorder.inMemory().counter("count", Labels.NONE);
    return _ -> counter.increment();
  }

  private static LongConsumer ourTimer() {
    OperationTimer timer = MetricsRecorder.inMemory().timer("work");
    return nanos -> timer.record(nanos, false);
  }

  private static LongConsumer micrometerCounter() {
    Counter counter = new SimpleMeterRegistry().counter("count");
    return _ -> counter.increment();
  }

  private static LongConsumer longAdder() {
    LongAdder adder = new LongAdder();
    return _ -> adder.increment();
  }

  private static LongConsumer hdrAtomic() {
    AtomicHistogram histogram = new AtomicHistogram(HOUR_NANOS, 2);
    return histogram::recordValue;
  }

  private static LongConsumer hdrRecorder() {
    Recorder recorder = new Recorder(HOUR_NANOS, 2);
    return recorder::recordValue;
  }

  private static LongConsumer micrometerTimer(boolean quantiles) {
    Timer.Builder builder = Timer.builder("work");
    if (quantiles) {
      builder.publishPercentiles(0.5, 0.95, 0.99);
    }
    Timer timer = builder.register(new SimpleMeterRegistry());
    return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
  }
}
