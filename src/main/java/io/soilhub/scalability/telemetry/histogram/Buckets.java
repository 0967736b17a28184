package io.soilhub.scalability.telemetry.histogram;

/// The fixed buckets of all distributions: 64 of equal width in every octave of 2. The number of a
/// bucket is the exponent of a double with the first six bits of its fraction, so that finding it
/// is a shift; HdrHistogram does the same with integers, DDSketch (Masson et al., VLDB 2019) takes
/// a logarithm for a quarter fewer buckets.
public final class Buckets {

  /// Of a bucket's middle to any value in it: half a width of 1/64 of the octave's lower bound.
  public static final double RELATIVE_ERROR = 1 / 128.0;

  static final int PER_OCTAVE = 64;
  private static final int SHIFT = 46;

  private Buckets() {}

  /// @param value finite and not negative
  static int of(double value) {
    return (int) (Double.doubleToRawLongBits(value) >>> SHIFT);
  }

  /// The smallest value of a bucket.
  static double lower(int bucket) {
    return Double.longBitsToDouble((long) bucket << SHIFT);
  }

  /// What stands for all values of a bucket. Zero has a bucket of its own, up to any number that
  /// anybody measures.
  static double middle(int bucket) {
    return bucket == 0 ? 0 : (lower(bucket) + lower(bucket + 1)) / 2;
  }
}
