package io.soilhub.scalability.bench.anomalies;

import java.time.Duration;
import java.time.Instant;

/// Holt-Winters with a weekly season and winsorised errors (Gelper, Fried and Croux 2010), on
/// logarithms and without a trend; four standard deviations are out. The first week is its season,
/// the level what came since.
final class RobustHoltWinters implements Detector {

  private static final double CLIP = 2;
  private static final double SCALE_CLIP = 3;
  private static final double LIMIT = 4;
  private static final double SEASON_GAIN = 0.3;
  private static final double LEVEL_HOURS = 6;

  private final long step;
  private final double[] season;
  private final boolean[] known;
  private final Votes votes = new Votes();
  private double level;
  private double size;
  private int judged;

  RobustHoltWinters(Duration step) {
    this.step = step.toSeconds();
    this.season = new double[(int) Duration.ofDays(7).dividedBy(step)];
    this.known = new boolean[season.length];
  }

  @Override
  public boolean alarmed(Instant at, double value) {
    double z = Math.log1p(value);
    int slot = (int) Math.floorMod(at.getEpochSecond() / step, (long) season.length);
    if (!known[slot]) {
      known[slot] = true;
      season[slot] = z - level;
      return false;
    }
    double error = z - level - season[slot];
    double scale = Math.sqrt(Math.PI / 2) * size;
    boolean warm = judged >= season.length / 7;
    boolean alarmed = votes.see(warm && error > LIMIT * scale, warm && error < -LIMIT * scale);
    double taught = warm ? Math.clamp(error, -CLIP * scale, CLIP * scale) : error;
    level += Math.min(1, step / (LEVEL_HOURS * 3600)) * taught;
    season[slot] += SEASON_GAIN * taught;
    double clipped = Math.min(Math.abs(error), warm ? SCALE_CLIP * scale : Double.MAX_VALUE);
    judged++;
    size += Math.max(1.0 / season.length, 1.0 / judged) * (clipped - size);
    return alarmed;
  }
}
