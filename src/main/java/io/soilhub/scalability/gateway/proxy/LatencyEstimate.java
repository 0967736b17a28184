package io.soilhub.scalability.gateway.proxy;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/// How long all but the slowest twentieth of a service's answers take to begin, by its last few
/// hundred. Asking anew after that time costs a twentieth more requests and cuts the tail (Dean and
/// Barroso, The Tail at Scale, 2013).
final class LatencyEstimate {

  private static final int KEPT = 256;
  private static final int ENOUGH = 64;
  private static final int EVERY = 16;
  private static final double SHARE = 0.95;

  private final ReentrantLock lock = new ReentrantLock();
  private final long[] last = new long[KEPT];
  private int count;
  private volatile long p95 = -1;

  /// Takes in one good answer. Under contention samples are left out rather than waited for.
  void observe(long nanos) {
    if (!lock.tryLock()) {
      return;
    }
    try {
      last[count % KEPT] = nanos;
      count++;
      int held = Math.min(count, KEPT);
      if (held >= ENOUGH && count % EVERY == 0) {
        long[] sorted = Arrays.copyOf(last, held);
        Arrays.sort(sorted);
        p95 = sorted[(int) (SHARE * (held - 1))];
      }
      if (count == 2 * KEPT) {
        count = KEPT;
      }
    } finally {
      lock.unlock();
    }
  }

  /// In nanoseconds; empty until enough was seen.
  OptionalLong p95() {
    long now = p95;
    return now < 0 ? OptionalLong.empty() : OptionalLong.of(now);
  }
}
