package io.soilhub.scalability.bench.anomalies;

import java.time.Duration;
import java.time.Instant;

/// An upper limit: the greatest value of the first week.
final class StaticThreshold implements Detector {

  private final long week;
  private final Votes votes = new Votes();
  private long seen;
  private double limit = Double.NEGATIVE_INFINITY;

  StaticThreshold(Duration step) {
    this.week = Duration.ofDays(7).dividedBy(step);
  }

  @Override
  public boolean alarmed(Instant at, double value) {
    if (seen++ < week) {
      limit = Math.max(limit, value);
      return false;
    }
    return votes.see(value > limit, false);
  }
}
