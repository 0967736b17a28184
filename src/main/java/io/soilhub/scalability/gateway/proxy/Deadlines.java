package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.platform.core.Ticker;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/// Cuts what is not done by its time, or what nobody waits for any more. Timeouts of single reads
/// cannot: an instance that sends a byte a second never runs into one.
public final class Deadlines {

  private static final Runnable NOTHING = () -> {};

  /// Between two checks whether somebody still waits, and before the first: most are done by then.
  private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(500);

  /// When one request must be done, with all its attempts.
  public final class Deadline {

    private final long at;
    private final BooleanSupplier gone;
    private long nextLook;
    private volatile boolean abandoned;

    private Deadline(long now, long at, BooleanSupplier gone) {
      this.at = at;
      this.gone = gone;
      this.nextLook = now + LOOK_EVERY;
    }

    public int leftMillis() {
      return Deadlines.this.leftMillis(at);
    }

    /// Whether its time has come, or nobody waits any more.
    public boolean isOver() {
      return abandoned || at - ticker.nanos() <= 0;
    }

    /// Whether the client has disconnected.
    public boolean isAbandoned() {
      return abandoned;
    }

    /// Called by one thread.
    private void look() {
      long now = ticker.nanos();
      if (!abandoned && now - nextLook >= 0) {
        nextLook = now + LOOK_EVERY;
        abandoned = gone.getAsBoolean();
      }
    }

    /// @throws SocketTimeoutException when it is over
    void check() throws SocketTimeoutException {
      if (isOver()) {
        throw new SocketTimeoutException("over the deadline");
      }
    }

    /// Bounds the whole request.
    public Limit watch() {
      Limit limit = new Limit(this, at);
      open.add(limit);
      return limit;
    }

    /// Bounds one attempt.
    ///
    /// @param millis until its response must begin
    public Limit within(int millis) {
      long begin = ticker.nanos() + TimeUnit.MILLISECONDS.toNanos(millis);
      Limit limit = new Limit(this, begin - at < 0 ? begin : at);
      open.add(limit);
      return limit;
    }
  }

  /// Bounds one attempt: its response must begin by its time and end by the deadline. Otherwise it
  /// is cut, once. To be closed when the attempt is done.
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

    /// Sets how to cut it; runs at once when it is cut already.
    public void onCut(Runnable how) {
      action.set(how);
      if (expire()) {
        action.getAndSet(NOTHING).run();
      }
    }

    /// The response has begun: from here on only the deadline counts.
    ///
    /// @return false when the attempt is cut already
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

    /// Whether it is cut, which it is from its time on. An action that is set after this returned
    /// true is run by the thread that sets it, one that was set before by the thread that asked.
    private synchronized boolean expire() {
      cut |= whole.abandoned || at - ticker.nanos() <= 0;
      return cut;
    }
  }

  private final Ticker ticker;
  private final Set<Limit> open = ConcurrentHashMap.newKeySet();

  public Deadlines(Ticker ticker) {
    this.ticker = ticker;
  }

  public Deadline in(int millis) {
    return in(millis, () -> false);
  }

  /// @param gone whether the client has disconnected; asked now and then while something is
  ///   bounded, by the thread that calls [#step], and must not wait
  public Deadline in(int millis, BooleanSupplier gone) {
    long now = ticker.nanos();
    return new Deadline(now, now + TimeUnit.MILLISECONDS.toNanos(millis), gone);
  }

  /// Cuts what is late. Called several times a second.
  public void step() {
    for (Limit limit : open) {
      limit.whole.look();
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
