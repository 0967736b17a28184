package io.soilhub.scalability.bench.monitor;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongConsumer;

/// Measures one meter and prints nanoseconds and bytes a recording: the median of rounds on one
/// thread, after rounds of warm-up.
final class MeterMain {

  private static final int WARM_UP = 10;
  private static final int ROUNDS = 15;
  private static final int RECORDINGS = 4_000_000;

  private MeterMain() {}

  /// @param arguments name of the meter
  public static void main(String[] arguments) {
    LongConsumer meter = Meter.valueOf(arguments[0]).make();
    long[] values = Shape.LOGNORMAL.nanos(1 << 13, 1);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    double[] nanos = new double[ROUNDS];
    long allocated = 0;
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      long begin = System.nanoTime();
      for (int i = 0; i < RECORDINGS; i++) {
        meter.accept(values[i & (values.length - 1)]);
      }
      double took = (double) (System.nanoTime() - begin) / RECORDINGS;
      if (round >= 0) {
        nanos[round] = took;
        allocated += threads.getThreadAllocatedBytes(thread) - before;
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT, "%.3f %.4f%n", nanos[ROUNDS / 2], (double) allocated / ROUNDS / RECORDINGS);
  }
}
