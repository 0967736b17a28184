package io.soilhub.scalability.gateway;

import io.soilhub.scalability.platform.Ticker;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Breaks off what is not done by its time. Timeouts of single reads cannot: an instance that sends
/// a byte a second never runs into one.
public final class Deadlines {

  private static final Runnable NOTHING = () -> {};

  /// When one forward must be done, with all its tries.
  public final class Deadline {

    private final long at;

    private Deadline(long at) {
      this.at = at;
    }

    public int leftMillis() {
      return Deadlines.this.leftMillis(at);
    }

    public boolean isOver() {
      return at - ticker.nanos() <= 0;
    }

    /// @throws SocketTimeoutException when it is over
    void check() throws SocketTimeoutException {
      if (isOver()) {
        throw new SocketTimeoutException("over the deadline");
      }
    }

    /// Begins to watch over all of it.
    public Limit watch() {
      Limit limit = new Limit(this, at);
      open.add(limit);
      return limit;
    }

    /// Begins to watch over one try.
    ///
    /// @param millis in which it must begin to answer
    public Limit within(int millis) {
      long begin = ticker.nanos() + TimeUnit.MILLISECONDS.toNanos(millis);
      Limit limit = new Limit(this, begin - at < 0 ? begin : at);
      open.add(limit);
      return limit;
    }
  }

  /// What bounds one try: it must have begun to answer by its time and be done by the deadline.
  /// What is not is cut, once. To be closed when the try is done.
  public final class Limit implements AutoCloseable {

    private final Deadline whole;
    private final AtomicReference<Runnable> action = new AtomicReference<>(NOTHING);
    private long at;
    private boolean cut;

    private Limit(Deadline whole, long at) {
      this.whole = whole;
      this.at = at;
    }

    public Deadline whole() {
      return whole;
    }

    /// How to cut it; at once when that has come to pass before.
    public void onCut(Runnable how) {
      action.set(how);
      if (expire()) {
        action.getAndSet(NOTHING).run();
      }
    }

    /// The answer has begun: from here on only the deadline counts.
    ///
    /// @return false when the try was cut before
    public synchronized boolean begun() {
      at = whole.at;
      return !cut;
    }

    public synchronized boolean isCut() {
      return cut;
    }

    /// Cuts it before its time.
    void cut() {
      synchronized (this) {
        cut = true;
      }
      open.remove(this);
      action.getAndSet(NOTHING).run();
    }

    @Override
    public void close() {
      open.remove(this);
      action.set(NOTHING);
    }

    /// Whether it is cut, which it is from its time on. An action that is set after this said so is
    /// run by who sets it, one that was set before by who asked.
    private synchronized boolean expire() {
      cut |= at - ticker.nanos() <= 0;
      return cut;
    }
  }

  private final Ticker ticker;
  private final Set<Limit> open = ConcurrentHashMap.newKeySet();

  public Deadlines(Ticker ticker) {
    this.ticker = ticker;
  }

  public Deadline in(int millis) {
    return new Deadline(ticker.nanos() + TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /// Cuts what is over. Called several times a second.
  public void step() {
    for (Limit limit : open) {
      if (limit.expire()) {
        open.remove(limit);
        limit.action.getAndSet(NOTHING).run();
      }
    }
  }

  private int leftMillis(long at) {
    long left = TimeUnit.NANOSECONDS.toMillis(at - ticker.nanos());
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, left));
  }
}
