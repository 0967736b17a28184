package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.platform.core.Ticker;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// What the gateway remembers of one service from request to request.
final class ServiceState {

  private static final long LOG_INTERVAL = TimeUnit.SECONDS.toNanos(1);
  private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}");

  final RetryBudget budget = new RetryBudget();
  final LatencyEstimate latency = new LatencyEstimate();
  private final Ticker ticker;
  private Optional<Long> lastLine = Optional.empty();
  private int suppressed;

  ServiceState(Ticker ticker) {
    this.ticker = ticker;
  }

  /// The log line for a failure: at most one a second, with the number of those that were left out
  /// before it. Control characters are replaced, because the text may quote what an instance sent,
  /// and a terminal would act on them.
  synchronized Optional<String> line(String what) {
    long now = ticker.nanos();
    if (lastLine.isPresent() && now - lastLine.get() < LOG_INTERVAL) {
      suppressed++;
      return Optional.empty();
    }
    lastLine = Optional.of(now);
    String clean = CONTROLS.matcher(what).replaceAll("?");
    String line = suppressed == 0 ? clean : "%s (and %d more before)".formatted(clean, suppressed);
    suppressed = 0;
    return Optional.of(line);
  }
}
