package io.soilhub.scalability.platform.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Memory that values of unknown size may take together. A value that is larger than the budget
/// passes alone.
public final class ByteBudget {

  private final long limit;
  private long taken;

  public ByteBudget(long limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a budget of %d bytes".formatted(limit));
    }
    this.limit = limit;
  }

  /// Takes memory for a value that is not there yet.
  ///
  /// @return false when there is none within `longest`
  public synchronized boolean tryTake(long bytes, Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    while (!fits(bytes)) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    taken += bytes;
    return true;
  }

  /// Takes memory for a value that is there already, whether it fits or not.
  public synchronized void take(long bytes) {
    taken += bytes;
  }

  public synchronized void give(long bytes) {
    taken -= bytes;
    notifyAll();
  }

  public synchronized boolean isSpent() {
    return taken >= limit;
  }

  private boolean fits(long bytes) {
    return taken == 0 || taken + bytes <= limit;
  }
}
