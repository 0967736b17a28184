package io.soilhub.scalability.telemetry.histogram;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.PriorityQueue;

/// How values were distributed; immutable. Count, sum, minimum and maximum are exact, quantiles
/// within [Buckets#RELATIVE_ERROR] of the exact ones by nearest rank. Two merge into what one would
/// hold that had seen the values of both.
public final class HistogramSnapshot {

  public static final HistogramSnapshot EMPTY =
      new HistogramSnapshot(new int[0], new long[0], 0, Double.MAX_VALUE, 0);

  private static final byte VERSION = 1;

  /// A run of buckets with counts that is being merged, at its next bucket.
  private record Cursor(HistogramSnapshot of, int at) implements Comparable<Cursor> {
    int bucket() {
      return of.buckets[at];
    }

    @Override
    public int compareTo(Cursor other) {
      return Integer.compare(bucket(), other.bucket());
    }
  }

  private final int[] buckets;
  private final long[] counts;
  private final long count;
  private final double sum;
  private final double min;
  private final double max;

  /// @param buckets ascending
  /// @param counts above zero, one for each bucket
  HistogramSnapshot(int[] buckets, long[] counts, double sum, double min, double max) {
    this.buckets = buckets;
    this.counts = counts;
    this.count = Arrays.stream(counts).sum();
    this.sum = sum;
    this.min = min;
    this.max = max;
  }

  public static HistogramSnapshot merged(Collection<HistogramSnapshot> parts) {
    PriorityQueue<Cursor> next = new PriorityQueue<>();
    double sum = 0;
    double min = Double.MAX_VALUE;
    double max = 0;
    for (HistogramSnapshot part : parts) {
      if (part.count > 0) {
        next.add(new Cursor(part, 0));
        sum += part.sum;
        min = Math.min(min, part.min);
        max = Math.max(max, part.max);
      }
    }
    int[] buckets = new int[parts.stream().mapToInt(p -> p.buckets.length).sum()];
    long[] counts = new long[buckets.length];
    int used = 0;
    while (!next.isEmpty()) {
      Cursor cursor = next.remove();
      if (used == 0 || buckets[used - 1] != cursor.bucket()) {
        buckets[used++] = cursor.bucket();
      }
      counts[used - 1] += cursor.of.counts[cursor.at];
      if (cursor.at + 1 < cursor.of.buckets.length) {
        next.add(new Cursor(cursor.of, cursor.at + 1));
      }
    }
    return used == 0
        ? EMPTY
        : new HistogramSnapshot(
            Arrays.copyOf(buckets, used), Arrays.copyOf(counts, used), sum, min, max);
  }

  public long count() {
    return count;
  }

  public double sum() {
    return sum;
  }

  /// @return 0 for none
  public double average() {
    return count == 0 ? 0 : sum / count;
  }

  /// @return 0 for none
  public double min() {
    return count == 0 ? 0 : min;
  }

  /// @return 0 for none
  public double max() {
    return max;
  }

  /// The value of which a share of `q` of all is not above (nearest rank).
  ///
  /// @param q 0 to 1
  /// @return 0 for none
  public double quantile(double q) {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("a quantile of 0 to 1, not " + q);
    }
    long rank = Math.max(1, (long) Math.ceil(q * count));
    long seen = 0;
    for (int i = 0; i < buckets.length; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return Math.clamp(Buckets.middle(buckets[i]), min, max);
      }
    }
    return 0;
  }

  /// How many values lie at or below each bound, for exposition in classic buckets. A bucket that a
  /// bound cuts counts where its middle lies, so that a bound holds within
  /// [Buckets#RELATIVE_ERROR].
  ///
  /// @param bounds ascending
  public long[] cumulative(double[] bounds) {
    long[] below = new long[bounds.length];
    int at = 0;
    long seen = 0;
    for (int b = 0; b < bounds.length; b++) {
      while (at < buckets.length && Buckets.middle(buckets[at]) <= bounds[b]) {
        seen += counts[at++];
      }
      below[b] = seen;
    }
    return below;
  }

  /// A compact form for storage: buckets as steps and counts as varints, about three bytes for each
  /// bucket in use.
  public byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(1 + 3 * Double.BYTES + 10 + buckets.length * 15);
    out.put(VERSION).putDouble(sum).putDouble(min).putDouble(max);
    write(out, buckets.length);
    int before = 0;
    for (int i = 0; i < buckets.length; i++) {
      write(out, buckets[i] - before);
      write(out, counts[i]);
      before = buckets[i];
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /// @param bytes of [#bytes]
  /// @throws IllegalArgumentException for anything else
  public static HistogramSnapshot of(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte version = in.get();
      if (version != VERSION) {
        throw new IllegalArgumentException("a distribution of version " + version);
      }
      double sum = in.getDouble();
      double min = in.getDouble();
      double max = in.getDouble();
      int[] buckets = new int[Math.toIntExact(read(in))];
      long[] counts = new long[buckets.length];
      int before = 0;
      for (int i = 0; i < buckets.length; i++) {
        before += Math.toIntExact(read(in));
        buckets[i] = before;
        counts[i] = read(in);
      }
      return new HistogramSnapshot(buckets, counts, sum, min, max);
    } catch (java.nio.BufferUnderflowException e) {
      throw new IllegalArgumentException("a distribution that is cut off", e);
    }
  }

  private static void write(ByteBuffer out, long number) {
    long rest = number;
    while (rest >= 0x80) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static long read(ByteBuffer in) {
    long number = 0;
    int shift = 0;
    byte next;
    do {
      next = in.get();
      number |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    return number;
  }
}
