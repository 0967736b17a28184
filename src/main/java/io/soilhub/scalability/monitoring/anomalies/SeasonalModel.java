package io.soilhub.scalability.monitoring.anomalies;

import java.nio.ByteBuffer;

/// The expected course of a series on the stabilised axis: a level, a daily curve, a weekly curve
/// of what the days differ by, and a drift of the last hours ("busier than usual today") that
/// fades.
///
/// Errors teach winsorised (Gelper, Fried and Croux 2010): one far out teaches no more than one
/// just out. The drift goes further and forgets what is far out (redescending), since an outage is
/// not a quiet day and must stay an outage however long it lasts.
final class SeasonalModel {

  static final long DAY = 86_400;
  static final long WEEK = 7 * DAY;

  private static final double CLIP = 2;
  private static final double DAILY_GAIN = 0.07;
  private static final double WEEKLY_GAIN = 0.3;
  private static final double LEVEL_DAYS = 3;
  private static final double BELIEVED_LEVEL_DAYS = 0.5;
  private static final double DRIFT_HOURS = 3;
  private static final double DRIFT_GAIN_HOURS = 1;
  private static final double DRIFT_FORGETS = 3;

  private final long step;
  private final SeasonalProfile days;
  private final SeasonalProfile weeks;
  private double level;
  private double drift;
  private long count;

  SeasonalModel(long step) {
    this.step = step;
    this.days = new SeasonalProfile(DAY, 96, step, DAILY_GAIN, 0);
    this.weeks = new SeasonalProfile(WEEK, 168, step, WEEKLY_GAIN, 1);
  }

  double expected(long second, long steps) {
    return level + days.at(second) + weeks.at(second) + drift * faded(steps);
  }

  /// True once a day has been seen, before which errors say nothing of the noise.
  boolean warm() {
    return count >= DAY / step;
  }

  /// True once a week of values has been seen and this hour of the week among them.
  boolean knows(long second) {
    return count >= WEEK / step && weeks.visits(second) > 0;
  }

  /// @param error of the prediction made for this value
  /// @param deviation usual size of the error
  /// @param believed when the values have been out for so long that they are the new usual
  void learn(long second, long steps, double error, double deviation, boolean believed) {
    boolean first = count < WEEK / step;
    double clip = !first && !believed ? CLIP * deviation : Double.MAX_VALUE;
    double rest = Math.clamp(error, -clip, clip);
    double rate = step / (DAY * (believed ? BELIEVED_LEVEL_DAYS : LEVEL_DAYS));
    double taken = Math.max(rate, 1.0 / (1 + count)) * rest;
    level += taken;
    rest = days.learn(second, rest - taken);
    weeks.learn(second, rest);
    drift = warm() ? drift * faded(steps) + pull(error, deviation) : 0;
    count++;
  }

  private double pull(double error, double deviation) {
    double far = error / (DRIFT_FORGETS * deviation);
    double gain = Math.min(1, step / (DRIFT_GAIN_HOURS * 3600)) * 0.5;
    return gain * error / (1 + far * far * far * far);
  }

  private double faded(long steps) {
    return Math.exp(-steps * step / (DRIFT_HOURS * 3600));
  }

  int bytes() {
    return days.bytes() + weeks.bytes() + 24;
  }

  void write(ByteBuffer buffer) {
    days.write(buffer);
    weeks.write(buffer);
    buffer.putDouble(level).putDouble(drift).putLong(count);
  }

  void read(ByteBuffer buffer) {
    days.read(buffer);
    weeks.read(buffer);
    level = buffer.getDouble();
    drift = buffer.getDouble();
    count = buffer.getLong();
  }
}
