package io.soilhub.scalability.bench.monitor;

import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/// How latencies may be distributed, in nanoseconds.
enum Shape {
  LOGNORMAL(r -> 2e6 * Math.exp(1.5 * r.nextGaussian())),
  BIMODAL(r -> r.nextInt(10) == 0 ? 5e8 + 1e7 * r.nextGaussian() : 1e5 + 1e4 * r.nextGaussian()),
  PARETO(r -> 1e5 / Math.pow(1 - r.nextDouble(), 1 / 1.2));

  /// Longest one: what an HdrHistogram of an hour takes.
  private static final double LONGEST = 3e12;

  private final ToDoubleFunction<Random> draw;

  Shape(ToDoubleFunction<Random> draw) {
    this.draw = draw;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  long[] nanos(int count, long seed) {
    Random random = new Random(seed);
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = (long) Math.clamp(draw.applyAsDouble(random), 1, LONGEST);
    }
    return values;
  }
}
