package io.soilhub.scalability.balancing.strategies;

import io.soilhub.scalability.platform.core.Hashing;

/// Lookup table of Maglev hashing (Eisenbud et al., NSDI 2016, section 3.4): every target fills
/// slots in an order of its own, heavier ones more often. One look-up whatever the number of
/// targets; a leaving one moves few keys of others.
final class Maglev {

  /// Prime. More than 100 times the targets keep the imbalance below one per cent: up to 655.
  static final int SLOTS = 65_537;

  private final int[] owner = new int[SLOTS];

  Maglev(Candidates candidates) {
    java.util.Arrays.fill(owner, -1);
    int size = candidates.size();
    int[] offset = new int[size];
    int[] skip = new int[size];
    long[] next = new long[size];
    double[] earned = new double[size];
    double heaviest = 0;
    for (int i = 0; i < size; i++) {
      long hash = candidates.hash(i);
      offset[i] = (int) Long.remainderUnsigned(hash, SLOTS);
      skip[i] = (int) Long.remainderUnsigned(Hashing.spread(~hash), SLOTS - 1) + 1;
      heaviest = Math.max(heaviest, candidates.weight(i));
    }
    int filled = 0;
    while (filled < SLOTS) {
      for (int i = 0; i < size && filled < SLOTS; i++) {
        earned[i] += candidates.weight(i) / heaviest;
        if (earned[i] >= 1) {
          earned[i] -= 1;
          claim(i, offset[i], skip[i], next);
          filled++;
        }
      }
    }
  }

  private void claim(int target, int offset, int skip, long[] next) {
    int slot;
    do {
      slot = (int) ((offset + next[target]++ * skip) % SLOTS);
    } while (owner[slot] >= 0);
    owner[slot] = target;
  }

  static int slot(long key) {
    return (int) Math.unsignedMultiplyHigh(Hashing.spread(key), SLOTS);
  }

  int owner(int slot) {
    return owner[slot];
  }

  static int after(int slot) {
    return slot + 1 == SLOTS ? 0 : slot + 1;
  }
}
