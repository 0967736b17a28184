package io.soilhub.scalability.api;

import io.soilhub.scalability.access.AccessFilter;
import io.soilhub.scalability.monitoring.Family;
import io.soilhub.scalability.monitoring.Family.Value;
import io.soilhub.scalability.monitoring.Labels;
import io.soilhub.scalability.monitoring.MetricSource;
import io.soilhub.scalability.monitoring.OperationTimer;
import io.soilhub.scalability.monitoring.Operations;
import io.soilhub.scalability.platform.Ticker;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Counts the requests of this replica since its start, by the class of their status, and times
/// them: all together, and by the call that access was asked for.
final class RequestMeter implements MetricSource {

  /// Ends the measurement of one request when closed.
  interface Measured extends AutoCloseable {
    @Override
    void close();
  }

  private static final int CLASSES = 5;

  private static final int FAILED = 500;

  private final Ticker ticker;
  private final Operations operations;
  private final OperationTimer all;
  private final List<LongAdder> answered = Stream.generate(LongAdder::new).limit(CLASSES).toList();
  private final LongAdder nanos = new LongAdder();
  private final AtomicInteger active = new AtomicInteger();

  RequestMeter(Ticker ticker, Operations operations) {
    this.ticker = ticker;
    this.operations = operations;
    this.all = operations.timer("http");
  }

  Measured begin(HttpServletRequest request, HttpServletResponse response) {
    long begin = ticker.nanos();
    active.incrementAndGet();
    return () -> {
      active.decrementAndGet();
      long took = ticker.nanos() - begin;
      boolean failed = response.getStatus() >= FAILED;
      nanos.add(took);
      all.record(took, failed);
      if (request.getAttribute(AccessFilter.OPERATION) instanceof String call) {
        operations.timer(call).record(took, failed);
      }
      answered.get(Math.clamp(response.getStatus() / 100L, 1, CLASSES) - 1).increment();
    };
  }

  @Override
  public List<Family> families() {
    List<Value> byClass =
        IntStream.range(0, CLASSES)
            .mapToObj(i -> new Value(Labels.of("status", i + 1 + "xx"), answered.get(i).sum()))
            .toList();
    return List.of(
        new Family(
            "soilhub_http_requests_total",
            "Answers by the class of their status, those of the gateway included.",
            Family.Type.COUNTER,
            byClass),
        Family.counter(
            "soilhub_http_request_seconds_total",
            "Time that the requests took until they were answered.",
            nanos.sum() / 1e9),
        Family.gauge("soilhub_http_active_requests", "Requests under way.", active.get()));
  }
}
