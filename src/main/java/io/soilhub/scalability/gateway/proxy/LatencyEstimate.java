package io.soilhub.scalability.gateway.proxy;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/// The 95th percentile of the time until a service's responses begin, over the last few hundred of
/// them. A second request after that time costs 5 % more requests and cuts the tail (Dean and
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

  /// Takes in one good response. Under contention samples are dropped instead of waited for.
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

  /// In nanoseconds; empty until there are enough samples.
  OptionalLong p95() {
    long now = p95;
    return now < 0 ? OptionalLong.empty() : OptionalLong.of(now);
  }
}
