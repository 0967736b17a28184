package io.soilhub.scalability.balancing.fleet;

import java.util.concurrent.locks.ReentrantLock;

/// How many requests an instance may have from this replica: found by the gradient of its latency
/// (the rule Gradient2 of Netflix's concurrency-limits). While answers take as long as they do in
/// the long run the limit grows; when they take longer, a queue is building up, and it shrinks.
final class ConcurrencyLimit {

  private static final double LEAST = 16;
  private static final double MOST = 1000;
  private static final double INITIAL = 128;
  private static final double TOLERANCE = 2;
  private static final double SMOOTHING = 0.2;
  private static final double LONG_RUN = 2.0 / 601;
  private static final double TRIPPED = 0.9;
  private static final double ROOM_FOR_BURSTS = 4;

  private final ReentrantLock lock = new ReentrantLock();
  private volatile double limit = INITIAL;
  private double longRun;

  int limit() {
    return (int) limit;
  }

  /// Takes in one answer. Under contention samples are left out rather than waited for.
  ///
  /// @param active requests under way when it came
  /// @param tripped whether the instance did not answer in time
  void observe(long latencyNanos, int active, boolean tripped) {
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (tripped) {
        limit = Math.max(LEAST, limit * TRIPPED);
        return;
      }
      double latency = Math.max(1, latencyNanos);
      longRun = longRun == 0 ? latency : longRun + LONG_RUN * (latency - longRun);
      if (longRun > TOLERANCE * latency) {
        longRun *= 0.95;
      }
      if (active < limit / 2) {
        return;
      }
      double gradient = Math.clamp(TOLERANCE * longRun / latency, 0.5, 1);
      double next = limit * gradient + ROOM_FOR_BURSTS;
      limit = Math.clamp(limit + SMOOTHING * (next - limit), LEAST, MOST);
    } finally {
      lock.unlock();
    }
  }
}
