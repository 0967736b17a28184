package io.soilhub.scalability.balancing.strategies;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// The targets that may take a request, with their weights: an immutable snapshot that a pool makes
/// anew whenever either changes.
public final class Candidates {

  private static final int REDRAWS = 8;

  private final InstanceLoad[] loads;
  private final long[] hashes;
  private final double[] weights;
  private final double[] ramps;
  private final double[] inverses;
  private final double total;
  private final boolean even;
  private final AliasTable odds;
  private volatile Maglev table;

  /// @param weights configured weights, above 0, one for each load
  /// @param ramps share of its weight that a target may have yet, above 0 to 1
  public Candidates(List<InstanceLoad> loads, double[] weights, double[] ramps) {
    this.loads = loads.toArray(InstanceLoad[]::new);
    this.ramps = ramps.clone();
    this.hashes = new long[this.loads.length];
    this.weights = new double[this.loads.length];
    this.inverses = new double[this.loads.length];
    double sum = 0;
    boolean same = true;
    for (int i = 0; i < this.loads.length; i++) {
      this.hashes[i] = this.loads[i].hash();
      this.weights[i] = weights[i] * ramps[i];
      this.inverses[i] = 1 / this.weights[i];
      sum += this.weights[i];
      same &= this.weights[i] == this.weights[0];
    }
    this.total = sum;
    this.even = same;
    this.odds = new AliasTable(this.weights);
  }

  /// Targets of one weight.
  public static Candidates even(List<InstanceLoad> loads) {
    double[] ones = new double[loads.size()];
    Arrays.fill(ones, 1);
    return new Candidates(loads, ones, ones);
  }

  public int size() {
    return loads.length;
  }

  public InstanceLoad load(int index) {
    return loads[index];
  }

  /// Weight of a target at the moment, its slow start included.
  public double weight(int index) {
    return weights[index];
  }

  /// Whether both hold the same targets by the same weights in the same order. The older of two
  /// such has its tables built already.
  public boolean isSameAs(Candidates other) {
    return Arrays.equals(loads, other.loads)
        && Arrays.equals(weights, other.weights)
        && Arrays.equals(ramps, other.ramps);
  }

  double ramp(int index) {
    return ramps[index];
  }

  /// `1 / weight`.
  double inverse(int index) {
    return inverses[index];
  }

  long hash(int index) {
    return hashes[index];
  }

  boolean isEven() {
    return even;
  }

  double totalWeight() {
    return total;
  }

  int totalActive() {
    int sum = 0;
    for (InstanceLoad load : loads) {
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
    return even ? random.nextInt(loads.length) : odds.draw(random.nextLong());
  }

  /// A second target, another than the first.
  int drawOther(int first, RandomGenerator random) {
    if (even) {
      int other = random.nextInt(loads.length - 1);
      return other < first ? other : other + 1;
    }
    for (int i = 0; i < REDRAWS; i++) {
      int other = odds.draw(random.nextLong());
      if (other != first) {
        return other;
      }
    }
    return (first + 1) % loads.length;
  }
}
