package io.soilhub.scalability.gateway;

import io.soilhub.scalability.platform.Ticker;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Breaks off what is not done by its deadline. Timeouts of single reads cannot: an instance that
/// sends a byte a second never runs into one.
final class Deadlines {

  /// When one forward must be done.
  final class Deadline implements AutoCloseable {

    private final long at;
    private volatile Optional<Runnable> abort = Optional.empty();

    private Deadline(long at) {
      this.at = at;
    }

    int leftMillis() {
      long left = TimeUnit.NANOSECONDS.toMillis(at - ticker.nanos());
      return (int) Math.max(0, Math.min(Integer.MAX_VALUE, left));
    }

    boolean isOver() {
      return at - ticker.nanos() <= 0;
    }

    /// @throws SocketTimeoutException when it is over
    void check() throws SocketTimeoutException {
      if (isOver()) {
        throw new SocketTimeoutException("over the deadline");
      }
    }

    /// What to do when it is over; takes the place of what was to be done before.
    void onOver(Runnable action) {
      abort = Optional.of(action);
    }

    @Override
    public void close() {
      open.remove(this);
    }
  }

  private final Ticker ticker;
  private final Set<Deadline> open = ConcurrentHashMap.newKeySet();

  Deadlines(Ticker ticker) {
    this.ticker = ticker;
  }

  Deadline in(int millis) {
    Deadline deadline = new Deadline(ticker.nanos() + TimeUnit.MILLISECONDS.toNanos(millis));
    open.add(deadline);
    return deadline;
  }

  /// Breaks off what is over. Called several times a second.
  public void step() {
    for (Deadline deadline : open) {
      if (deadline.isOver()) {
        open.remove(deadline);
        deadline.abort.ifPresent(Runnable::run);
      }
    }
  }
}
