package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.platform.core.Ticker;
import java.time.Clock;

/// Records what happens in this process. Nothing here waits or fails for the sake of a measurement.
public final class MetricsRecorder implements Operations {

  /// The largest value that is recorded: any number of them has a finite sum.
  public static final double MOST = 1e100;

  /// How much of something happened.
  @FunctionalInterface
  public interface Counter {

    /// @param amount at most [#MOST]; one beyond it or below zero is ignored
    void add(double amount);

    default void increment() {
      add(1);
    }
  }

  /// How much of something there is.
  @FunctionalInterface
  public interface Gauge {

    /// @param value at most [#MOST] in size, or it is ignored
    void set(double value);
  }

  /// How values are distributed.
  @FunctionalInterface
  public interface Values {

    /// @param value at most [#MOST] in size, or it is ignored; one below zero counts as zero
    void record(double value);
  }

  private final RecorderRegistry recorderRegistry;
  private final Ticker ticker;
  private final Clock clock;

  MetricsRecorder(RecorderRegistry recorderRegistry, Ticker ticker, Clock clock) {
    this.recorderRegistry = recorderRegistry;
    this.ticker = ticker;
    this.clock = clock;
  }

  /// One that keeps what it records to itself.
  public static MetricsRecorder inMemory() {
    Clock clock = Clock.systemUTC();
    return new MetricsRecorder(new RecorderRegistry(1000, 200, clock), Ticker.system(), clock);
  }

  /// How many operations are told apart; those that come later are [Series#OVERFLOW] together.
  public int mostOperations() {
    return recorderRegistry.maxNames();
  }

  @Override
  public OperationTimer timer(String name) {
    return recorderRegistry.operation(name);
  }

  @Override
  public <T, E extends Exception> T time(String name, Work<T, E> work) throws E {
    return ticker.time(timer(name)::record, work::run);
  }

  /// The handle of a counter. Keep it: looking it up costs more than counting.
  public Counter counter(String name, Labels labels) {
    SeriesRecorder recorder = recorderRegistry.of(new Series(SeriesKind.COUNTER, name, labels));
    return amount -> {
      if (amount >= 0 && amount <= MOST) {
        ((MinuteRecorder.Total) recorder.minuteRecorder()).add(amount);
      }
    };
  }

  public Gauge gauge(String name, Labels labels) {
    return gauge(recorderRegistry.of(new Series(SeriesKind.GAUGE, name, labels)));
  }

  /// A gauge of which there may be as many series as are wanted, whatever the setting says.
  ///
  /// @param most sets of labels of this name
  public Gauge gauge(String name, Labels labels, int most) {
    return gauge(recorderRegistry.of(new Series(SeriesKind.GAUGE, name, labels), most));
  }

  private Gauge gauge(SeriesRecorder recorder) {
    return value -> {
      if (Math.abs(value) <= MOST) {
        ((MinuteRecorder.Level) recorder.minuteRecorder()).set(value, clock.instant());
      }
    };
  }

  public Values histogram(String name, Labels labels) {
    return values(new Series(SeriesKind.HISTOGRAM, name, labels));
  }

  /// Times in milliseconds that somebody else has measured.
  public Values timings(String name, Labels labels) {
    return values(new Series(SeriesKind.TIMER, name, labels));
  }

  private Values values(Series series) {
    SeriesRecorder recorder = recorderRegistry.of(series);
    return value -> {
      if (Math.abs(value) <= MOST) {
        ((MinuteRecorder.Values) recorder.minuteRecorder()).record(value, false);
      }
    };
  }
}
