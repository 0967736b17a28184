package io.soilhub.scalability.bench.anomalies;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/// Seasonal naive forecast made robust: the median of the same time of the week and its two
/// neighbours in the last four weeks, of logarithms; four times the median absolute error of the
/// last week, as a standard deviation, is out.
final class SeasonalMedian implements Detector {

  private static final int WEEKS = 4;
  private static final double LIMIT = 4;

  private final long step;
  private final double[][] weeks;
  private final int[] seen;
  private final double[] errors;
  private final Votes votes = new Votes();
  private int count;

  SeasonalMedian(Duration step) {
    this.step = step.toSeconds();
    int slots = (int) Duration.ofDays(7).dividedBy(step);
    this.weeks = new double[slots][WEEKS];
    this.seen = new int[slots];
    this.errors = new double[slots];
  }

  @Override
  public boolean alarmed(Instant at, double value) {
    double z = Math.log1p(value);
    int slots = weeks.length;
    int slot = (int) Math.floorMod(at.getEpochSecond() / step, (long) slots);
    double[] likes = new double[3 * WEEKS];
    int n = 0;
    for (int neighbour = -1; neighbour <= 1; neighbour++) {
      int other = Math.floorMod(slot + neighbour, slots);
      int filled = Math.min(seen[other], WEEKS);
      System.arraycopy(weeks[other], 0, likes, n, filled);
      n += filled;
    }
    boolean alarmed = false;
    if (seen[slot] > 0) {
      double error = z - median(likes, n);
      double scale = 1.4826 * median(errors.clone(), Math.min(count, slots));
      boolean judged = count >= slots / 7;
      alarmed = votes.see(judged && error > LIMIT * scale, judged && error < -LIMIT * scale);
      errors[count++ % slots] = Math.abs(error);
    }
    weeks[slot][seen[slot]++ % WEEKS] = z;
    return alarmed;
  }

  private static double median(double[] values, int n) {
    Arrays.sort(values, 0, n);
    return n == 0 ? 0 : (values[(n - 1) / 2] + values[n / 2]) / 2;
  }
}
