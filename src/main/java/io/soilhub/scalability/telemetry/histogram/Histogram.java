package io.soilhub.scalability.telemetry.histogram;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.DoubleAdder;

/// Records values from many threads without a lock and, once the octave of a value was seen,
/// without allocating. A page of buckets is made for each octave that occurs: times between 100
/// microseconds and a second take 4 kB.
///
/// Values beyond 2^-32 and 2^63 count into the first and the last octave; what the reader gets for
/// them lies within the recorded minimum and maximum.
public final class Histogram {

  private static final int FIRST = Buckets.of(0x1p-32);
  private static final int LAST = Buckets.of(0x1p63) - 1;
  private static final int PAGES = (LAST - FIRST + 1) / Buckets.PER_OCTAVE;

  private final AtomicReferenceArray<AtomicIntegerArray> pages = new AtomicReferenceArray<>(PAGES);
  private final DoubleAdder sum = new DoubleAdder();
  private final AtomicLong zeros = new AtomicLong();

  /// Bits of doubles, which are ordered like the doubles as long as these are not negative.
  private final AtomicLong min = new AtomicLong(Double.doubleToRawLongBits(Double.MAX_VALUE));

  private final AtomicLong max = new AtomicLong();

  /// @param value finite; a negative one counts as zero
  public void record(double value) {
    if (value > 0) {
      int bucket = Math.clamp(Buckets.of(value), FIRST, LAST) - FIRST;
      // The bucket last: who sees the count sees the bounds that go with it.
      bound(Double.doubleToRawLongBits(value));
      sum.add(value);
      page(bucket / Buckets.PER_OCTAVE).getAndIncrement(bucket % Buckets.PER_OCTAVE);
    } else {
      bound(0);
      zeros.getAndIncrement();
    }
  }

  /// The largest value so far, 0 for none.
  public double max() {
    return Double.longBitsToDouble(max.get());
  }

  /// What was recorded so far. A value recorded meanwhile may count in one figure and not yet in
  /// another.
  public HistogramSnapshot histogramSnapshot() {
    int[] buckets = new int[1 + used() * Buckets.PER_OCTAVE];
    long[] counts = new long[buckets.length];
    int used = 0;
    long none = zeros.get();
    if (none > 0) {
      counts[used++] = none;
    }
    for (int p = 0; p < PAGES && used + Buckets.PER_OCTAVE <= buckets.length; p++) {
      AtomicIntegerArray page = pages.get(p);
      for (int i = 0; page != null && i < Buckets.PER_OCTAVE; i++) {
        int count = page.get(i);
        if (count > 0) {
          buckets[used] = FIRST + p * Buckets.PER_OCTAVE + i;
          counts[used++] = count;
        }
      }
    }
    if (used == 0) {
      return HistogramSnapshot.EMPTY;
    }
    return new HistogramSnapshot(
        Arrays.copyOf(buckets, used),
        Arrays.copyOf(counts, used),
        sum.sum(),
        Double.longBitsToDouble(min.get()),
        Double.longBitsToDouble(max.get()));
  }

  /// Pages that there are.
  private int used() {
    int used = 0;
    for (int p = 0; p < PAGES; p++) {
      used += pages.get(p) == null ? 0 : 1;
    }
    return used;
  }

  private AtomicIntegerArray page(int number) {
    AtomicIntegerArray page = pages.getAcquire(number);
    if (page != null) {
      return page;
    }
    AtomicIntegerArray made = new AtomicIntegerArray(Buckets.PER_OCTAVE);
    AtomicIntegerArray before = pages.compareAndExchange(number, null, made);
    return before == null ? made : before;
  }

  private void bound(long bits) {
    if (bits > max.getPlain()) {
      max.accumulateAndGet(bits, Math::max);
    }
    if (bits < min.getPlain()) {
      min.accumulateAndGet(bits, Math::min);
    }
  }
}
