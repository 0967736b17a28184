package io.soilhub.scalability.balancing.strategies;

import java.util.concurrent.atomic.AtomicLong;

/// Latency of one target that jumps to a peak at once and decays from it slowly (Finagle's peak
/// EWMA). A failure counts as twice what was expected, so that a target that fails fast looks slow,
/// and the slower the longer it fails.
///
/// Value and time share one word (a float of milliseconds, 32 bits of a clock of about a
/// millisecond), so that both change together and nothing is allocated.
final class PeakEwma {

  private static final double DECAY_NANOS = 10e9;
  private static final int CLOCK_SHIFT = 20;

  /// What a first failure counts as, and the most that failures can add up to.
  private static final float FIRST_FAILURE_MS = 1_000;

  private static final float LONGEST_MS = 60_000;

  private final AtomicLong state = new AtomicLong();

  /// Milliseconds to expect; 0 without history, and nearly 0 after long silence.
  double value(long now) {
    return decayed(state.get(), now, 0);
  }

  void success(long latencyNanos, long now) {
    float sample = Math.min(LONGEST_MS, latencyNanos / 1e6f);
    for (; ; ) {
      long before = state.get();
      double expected = cost(before);
      double next = sample > expected ? sample : decayed(before, now, sample);
      if (state.compareAndSet(before, packed((float) next, now))) {
        return;
      }
    }
  }

  void failure(long latencyNanos, long now) {
    float sample = latencyNanos / 1e6f;
    for (; ; ) {
      long before = state.get();
      float expected = (float) decayed(before, now, 0);
      float next = cost(before) == 0 ? FIRST_FAILURE_MS : 2 * Math.max(expected, sample);
      if (state.compareAndSet(before, packed(Math.min(LONGEST_MS, next), now))) {
        return;
      }
    }
  }

  private static double decayed(long state, long now, float towards) {
    int ticks = (int) (now >> CLOCK_SHIFT) - (int) state;
    if (ticks <= 0) {
      return cost(state);
    }
    double keep = Math.exp(-((double) ticks * (1 << CLOCK_SHIFT)) / DECAY_NANOS);
    return cost(state) * keep + towards * (1 - keep);
  }

  private static float cost(long state) {
    return Float.intBitsToFloat((int) (state >>> 32));
  }

  private static long packed(float cost, long now) {
    return ((long) Float.floatToIntBits(cost) << 32) | ((now >> CLOCK_SHIFT) & 0xFFFF_FFFFL);
  }
}
