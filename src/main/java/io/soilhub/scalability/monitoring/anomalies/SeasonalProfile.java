package io.soilhub.scalability.monitoring.anomalies;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A periodic curve through equally spaced nodes with straight lines between them, learnt one error
/// at a time. A value teaches its two neighbouring nodes by their share in it, which is what
/// smooths the curve. The first visits of a node are averaged, the later ones fade at a fixed gain.
final class SeasonalProfile {

  private static final float SEEN_ENOUGH = 1e6f;

  private final long period;
  private final float[] values;
  private final float[] visits;
  private final double gain;
  private final double prior;

  /// @param gain least share of an error that is gone after one period of values
  /// @param prior visits that count as seen at zero, against a first value taken for the truth
  SeasonalProfile(long period, int nodes, long step, double gain, double prior) {
    int size = (int) Math.min(nodes, period / step);
    double perPeriod = (double) period / step / size;
    this.period = period;
    this.values = new float[size];
    this.visits = new float[size];
    this.gain = 1 - Math.pow(1 - gain, 1 / perPeriod);
    this.prior = prior;
  }

  double at(long second) {
    double position = position(second);
    int left = left(position);
    double share = position - left;
    int right = right(left);
    return value(left, right) * (1 - share) + value(right, left) * share;
  }

  /// Visits of the less visited of the nodes in use at that time.
  double visits(long second) {
    double position = position(second);
    int left = left(position);
    double share = position - left;
    double right = share > 0 ? visits[right(left)] : Float.MAX_VALUE;
    return Math.min(visits[left], right);
  }

  /// @return what is left of the error
  double learn(long second, double error) {
    double before = at(second);
    double position = position(second);
    int left = left(position);
    double share = position - left;
    double norm = share * share + (1 - share) * (1 - share);
    int right = right(left);
    double atLeft = value(left, right);
    double atRight = value(right, left);
    teach(left, 1 - share, atLeft, error / norm);
    teach(right, share, atRight, error / norm);
    return error - (at(second) - before);
  }

  /// A node that was never visited is as high as its neighbour.
  private double value(int node, int neighbour) {
    return values[visits[node] > 0 ? node : neighbour];
  }

  private void teach(int node, double share, double value, double error) {
    if (share > 0) {
      double rate = Math.max(gain, 1 / (1 + prior + visits[node]));
      values[node] = (float) (value + rate * share * error);
      visits[node] = (float) Math.min(SEEN_ENOUGH, visits[node] + share);
    }
  }

  private double position(long second) {
    return (double) Math.floorMod(second, period) * values.length / period;
  }

  private int left(double position) {
    return Math.min((int) position, values.length - 1);
  }

  private int right(int left) {
    return left + 1 == values.length ? 0 : left + 1;
  }

  int bytes() {
    return 8 * values.length;
  }

  void write(ByteBuffer buffer) {
    for (int i = 0; i < values.length; i++) {
      buffer.putFloat(values[i]).putFloat(visits[i]);
    }
  }

  void read(ByteBuffer buffer) {
    for (int i = 0; i < values.length; i++) {
      values[i] = buffer.getFloat();
      visits[i] = buffer.getFloat();
    }
  }

  /// All nodes, for tests.
  double[] nodes() {
    double[] copy = new double[values.length];
    Arrays.setAll(copy, i -> values[i]);
    return copy;
  }
}
