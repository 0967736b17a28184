package io.soilhub.scalability.bench.anomalies;

/// The persistence that all are given: an alarm begins when three of the last five values are out
/// on the same side and ends when none of them is.
final class Votes {

  private static final int MASK = 0b11111;

  private int high;
  private int low;
  private boolean alarmed;

  boolean see(boolean above, boolean below) {
    high = (high << 1 | (above ? 1 : 0)) & MASK;
    low = (low << 1 | (below ? 1 : 0)) & MASK;
    alarmed =
        alarmed ? (high | low) != 0 : Integer.bitCount(high) >= 3 || Integer.bitCount(low) >= 3;
    return alarmed;
  }
}
