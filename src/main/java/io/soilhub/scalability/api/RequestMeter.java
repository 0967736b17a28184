package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.Ticker;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/// Counts the requests of this replica since its start, for GET /metrics and for Prometheus.
final class RequestMeter {

  /// @param active requests under way
  /// @param clientErrors answers 400 to 499
  /// @param serverErrors answers 500 and over
  record Counts(
      long requests, long clientErrors, long serverErrors, int active, Duration totalTime) {}

  /// Ends the measurement of one request when closed.
  interface Measured extends AutoCloseable {
    @Override
    void close();
  }

  private final Ticker ticker;
  private final IntConsumer answered;
  private final LongAdder requests = new LongAdder();
  private final LongAdder clientErrors = new LongAdder();
  private final LongAdder serverErrors = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final AtomicInteger active = new AtomicInteger();

  /// @param answered is told the HTTP status of each answer
  RequestMeter(Ticker ticker, IntConsumer answered) {
    this.ticker = ticker;
    this.answered = answered;
  }

  Measured begin(HttpServletRequest request, HttpServletResponse response) {
    long begin = ticker.nanos();
    active.incrementAndGet();
    return () -> {
      active.decrementAndGet();
      nanos.add(ticker.nanos() - begin);
      requests.increment();
      answered.accept(response.getStatus());
      if (response.getStatus() >= 500) {
        serverErrors.increment();
      } else if (response.getStatus() >= 400) {
        clientErrors.increment();
      }
    };
  }

  Counts counts() {
    return new Counts(
        requests.sum(),
        clientErrors.sum(),
        serverErrors.sum(),
        active.get(),
        Duration.ofNanos(nanos.sum()));
  }
}
