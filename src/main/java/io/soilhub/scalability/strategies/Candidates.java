package io.soilhub.scalability.strategies;

import java.util.List;
import java.util.random.RandomGenerator;

/// The targets that may take a request, with their weights: an immutable snapshot that a pool makes
/// anew whenever either changes.
public final class Candidates {

  private static final int REDRAWS = 8;

  private final Load[] loads;
  private final double[] weights;
  private final double[] ramps;
  private final double[] upTo;
  private final boolean even;
  private volatile Maglev table;

  /// @param weights configured weights, above 0, one for each load
  /// @param ramps share of its weight that a target may have yet, above 0 to 1
  public Candidates(List<Load> loads, double[] weights, double[] ramps) {
    this.loads = loads.toArray(Load[]::new);
    this.ramps = ramps.clone();
    this.weights = new double[loads.size()];
    this.upTo = new double[loads.size()];
    double sum = 0;
    boolean same = true;
    for (int i = 0; i < this.loads.length; i++) {
      this.weights[i] = weights[i] * ramps[i];
      sum += this.weights[i];
      this.upTo[i] = sum;
      same &= this.weights[i] == this.weights[0];
    }
    this.even = same;
  }

  /// Targets of one weight.
  public static Candidates even(List<Load> loads) {
    double[] ones = new double[loads.size()];
    java.util.Arrays.fill(ones, 1);
    return new Candidates(loads, ones, ones);
  }

  public int size() {
    return loads.length;
  }

  public Load load(int index) {
    return loads[index];
  }

  /// Weight of a target at the moment, its slow start included.
  public double weight(int index) {
    return weights[index];
  }

  double ramp(int index) {
    return ramps[index];
  }

  boolean isEven() {
    return even;
  }

  double totalWeight() {
    return upTo[upTo.length - 1];
  }

  int totalActive() {
    int sum = 0;
    for (Load load : loads) {
      sum += load.active();
    }
    return sum;
  }

  /// The table of [Maglev] hashing, built at first use.
  Maglev table() {
    Maglev built = table;
    if (built == null) {
      synchronized (this) {
        if (table == null) {
          table = new Maglev(this);
        }
        built = table;
      }
    }
    return built;
  }

  /// One target, each by the odds of its weight.
  int draw(RandomGenerator random) {
    return even ? random.nextInt(loads.length) : weighted(random);
  }

  /// A second target, another than the first.
  int drawOther(int first, RandomGenerator random) {
    if (even) {
      int other = random.nextInt(loads.length - 1);
      return other < first ? other : other + 1;
    }
    for (int i = 0; i < REDRAWS; i++) {
      int other = weighted(random);
      if (other != first) {
        return other;
      }
    }
    return (first + 1) % loads.length;
  }

  private int weighted(RandomGenerator random) {
    double at = (random.nextLong() >>> 11) * 0x1.0p-53 * totalWeight();
    int low = 0;
    int high = upTo.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (upTo[middle] > at) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
