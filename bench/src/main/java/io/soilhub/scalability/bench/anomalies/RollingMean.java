package io.soilhub.scalability.bench.anomalies;

import java.time.Duration;
import java.time.Instant;

/// Three standard deviations from the mean of the last day.
final class RollingMean implements Detector {

  private final double[] day;
  private final Votes votes = new Votes();
  private int seen;

  RollingMean(Duration step) {
    this.day = new double[(int) Duration.ofDays(1).dividedBy(step)];
  }

  @Override
  public boolean alarmed(Instant at, double value) {
    boolean alarmed = false;
    if (seen >= day.length) {
      double sum = 0;
      double squares = 0;
      for (double v : day) {
        sum += v;
        squares += v * v;
      }
      double mean = sum / day.length;
      double limit = 3 * Math.sqrt(Math.max(0, squares / day.length - mean * mean));
      alarmed = votes.see(value > mean + limit, value < mean - limit);
    }
    day[seen++ % day.length] = value;
    return alarmed;
  }
}
