package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.platform.core.Ticker;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What the gateway keeps of one service as long as the service has instances.
final class ServiceState {

  /// The accounts of all services.
  static final class Book {

    private final Ticker ticker;
    private final Map<String, ServiceState> accounts = new ConcurrentHashMap<>();

    Book(Ticker ticker) {
      this.ticker = ticker;
    }

    ServiceState of(String service) {
      ServiceState serviceState = accounts.get(service);
      return serviceState != null
          ? serviceState
          : accounts.computeIfAbsent(service, _ -> new ServiceState(ticker));
    }

    /// Drops the accounts of services that are gone. Called now and then.
    void keep(Predicate<String> isThere) {
      accounts.keySet().removeIf(service -> !isThere.test(service));
    }

    int size() {
      return accounts.size();
    }
  }

  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);
  private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}");

  final RetryBudget budget = new RetryBudget();
  final LatencyEstimate usual = new LatencyEstimate();
  private final Ticker ticker;
  private Optional<Long> lastLine = Optional.empty();
  private int unsaid;

  private ServiceState(Ticker ticker) {
    this.ticker = ticker;
  }

  /// What to log of a failure: one line a second at most, with how many were left out before. It
  /// may quote what an instance sent, so it keeps no controls, which mean something to a terminal.
  synchronized Optional<String> line(String what) {
    long now = ticker.nanos();
    if (lastLine.isPresent() && now - lastLine.get() < PAUSE) {
      unsaid++;
      return Optional.empty();
    }
    lastLine = Optional.of(now);
    String clean = CONTROLS.matcher(what).replaceAll("?");
    String line = unsaid == 0 ? clean : "%s (and %d more before)".formatted(clean, unsaid);
    unsaid = 0;
    return Optional.of(line);
  }
}
