package io.soilhub.scalability.platform.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Whether one dependency answers, as of the last [#step]. Health checks read the state and never
/// call the dependency themselves, so that they answer at once however long a connect takes to
/// fail.
public final class DependencyMonitor {

  /// Talks to the dependency; throws when it does not answer as it should.
  @FunctionalInterface
  public interface Probe {
    void call() throws Exception;
  }

  /// @param checked false until the first check
  /// @param since when the dependency came to be in this state
  /// @param responseTime of the last check
  /// @param error why the last check failed, for the log and administrators
  public record DependencyState(
      boolean checked,
      boolean available,
      Instant since,
      Instant checkedAt,
      Duration responseTime,
      Optional<String> error) {}

  private static final Logger LOG = System.getLogger(DependencyMonitor.class.getName());

  private final String name;
  private final Probe probe;
  private final Clock clock;
  private final Ticker ticker;
  private volatile DependencyState state;

  public DependencyMonitor(String name, Probe probe, Clock clock, Ticker ticker) {
    this.name = name;
    this.probe = probe;
    this.clock = clock;
    this.ticker = ticker;
    Instant now = clock.instant();
    this.state = new DependencyState(false, false, now, now, Duration.ZERO, Optional.empty());
  }

  public String name() {
    return name;
  }

  public DependencyState state() {
    return state;
  }

  public boolean available() {
    return state.available();
  }

  /// Checks once. Called by one loop only.
  public void step() {
    long begin = ticker.nanos();
    Optional<String> error = Optional.empty();
    try {
      probe.call();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    } catch (Exception e) {
      error = Optional.of(reason(e));
    }
    change(error, Duration.ofNanos(ticker.nanos() - begin));
  }

  private void change(Optional<String> error, Duration responseTime) {
    DependencyState before = state;
    Instant now = clock.instant();
    boolean available = error.isEmpty();
    boolean same = before.checked() && before.available() == available;
    state =
        new DependencyState(true, available, same ? before.since() : now, now, responseTime, error);
    if (!same) {
      LOG.log(
          available ? Level.INFO : Level.WARNING,
          "{0} {1}",
          name,
          available ? "answers" : "is away: " + error.get());
    } else if (!available && !before.error().equals(error)) {
      LOG.log(Level.WARNING, "{0} is away: {1}", name, error.get());
    }
  }

  /// The innermost message: the wrappers only say that something failed.
  private static String reason(Throwable e) {
    Throwable root = e;
    for (int depth = 0; root.getCause() != null && depth < 10; depth++) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
