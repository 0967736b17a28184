package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Counts the HTTP requests of this replica since its start, by the class of their status, and
/// times them: all together as the operation `http`, and by the call that was made. Whatever takes
/// requests shares the one instance.
public final class RequestMeter implements MetricSource {

  /// A request under way.
  @FunctionalInterface
  public interface Measured {

    /// It is answered; to be called once.
    ///
    /// @param status of the answer
    /// @param call name of the operation that it was, when it got as far as to one
    void end(int status, Optional<String> call);
  }

  private static final int CLASSES = 5;

  private static final int FAILED = 500;

  private final Ticker ticker;
  private final Operations operations;
  private final OperationTimer all;
  private final List<LongAdder> answered = Stream.generate(LongAdder::new).limit(CLASSES).toList();
  private final LongAdder nanos = new LongAdder();
  private final AtomicInteger active = new AtomicInteger();

  public RequestMeter(Ticker ticker, Operations operations) {
    this.ticker = ticker;
    this.operations = operations;
    this.all = operations.timer("http");
  }

  public Measured begin() {
    long begin = ticker.nanos();
    active.incrementAndGet();
    return (status, call) -> {
      active.decrementAndGet();
      long took = ticker.nanos() - begin;
      boolean failed = status >= FAILED;
      nanos.add(took);
      all.record(took, failed);
      call.ifPresent(name -> operations.timer(name).record(took, failed));
      answered.get(Math.clamp(status / 100L, 1, CLASSES) - 1).increment();
    };
  }

  @Override
  public List<MetricFamily> families() {
    List<Value> byClass =
        IntStream.range(0, CLASSES)
            .mapToObj(i -> new Value(Labels.of("status", i + 1 + "xx"), answered.get(i).sum()))
            .toList();
    return List.of(
        new MetricFamily(
            "soilhub_http_requests_total",
            "Answers by the class of their status, those of the gateway included.",
            MetricFamily.Type.COUNTER,
            byClass),
        MetricFamily.counter(
            "soilhub_http_request_seconds_total",
            "Time that the requests took until they were answered.",
            nanos.sum() / 1e9),
        MetricFamily.gauge("soilhub_http_active_requests", "Requests under way.", active.get()));
  }
}
