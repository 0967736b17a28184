package io.soilhub.scalability.balancing.strategies;

/// Draws an index by the odds of its weight in constant time (Walker 1977, built as in Vose 1991):
/// every index has a cell of its own, and what its weight leaves of the cell goes to one other.
final class AliasTable {

  private static final double WHOLE = 0x1.0p32;
  private static final long LOW_HALF = 0xFFFF_FFFFL;

  private final long[] own;
  private final int[] other;

  /// @param weights above 0
  AliasTable(double[] weights) {
    int size = weights.length;
    own = new long[size];
    other = new int[size];
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double[] left = new double[size];
    int[] poor = new int[size];
    int[] rich = new int[size];
    int poors = 0;
    int riches = 0;
    for (int i = 0; i < size; i++) {
      own[i] = (long) WHOLE;
      other[i] = i;
      left[i] = weights[i] * size / sum;
      if (left[i] < 1) {
        poor[poors++] = i;
      } else {
        rich[riches++] = i;
      }
    }
    while (poors > 0 && riches > 0) {
      int from = poor[--poors];
      int to = rich[riches - 1];
      own[from] = (long) (left[from] * WHOLE);
      other[from] = to;
      left[to] -= 1 - left[from];
      if (left[to] < 1) {
        riches--;
        poor[poors++] = to;
      }
    }
  }

  /// @param word random bits: the upper half finds the cell, the lower half the side of it
  int draw(long word) {
    int cell = (int) (((word >>> 32) * own.length) >>> 32);
    return (word & LOW_HALF) < own[cell] ? cell : other[cell];
  }
}
