package io.soilhub.scalability.balancing.strategies;

/// `-log2(hash / 2^64)` of an unsigned word, from a table of 256 chords: within 3e-6, never rising
/// where the logarithm falls, and the same to the last bit on every machine, which `Math.log` does
/// not promise. Replicas that place keys by it agree.
final class FastLog2 {

  private static final int CHORDS = 256;
  private static final int REST_BITS = 55;
  private static final long REST = (1L << REST_BITS) - 1;
  private static final double[] TABLE = new double[CHORDS + 1];

  static {
    for (int i = 0; i <= CHORDS; i++) {
      TABLE[i] = 1 - StrictMath.log(1 + (double) i / CHORDS) / StrictMath.log(2);
    }
  }

  private FastLog2() {}

  static double negative(long hash) {
    long word = hash | 1;
    int zeros = Long.numberOfLeadingZeros(word);
    long leading = word << zeros;
    int chord = (int) (leading >>> REST_BITS) & (CHORDS - 1);
    double rest = (leading & REST) * 0x1.0p-55;
    double at = TABLE[chord];
    return zeros + (at + (TABLE[chord + 1] - at) * rest);
  }
}
