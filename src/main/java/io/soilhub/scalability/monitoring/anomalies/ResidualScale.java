package io.soilhub.scalability.monitoring.anomalies;

import java.nio.ByteBuffer;

/// How far values usually are from what was expected of them, by hour of the day: mean absolute
/// errors, each winsorised, so that a spike widens the limits by no more than any value just out of
/// them. The errors are those of predictions made before the value was seen, hence a season that is
/// not yet known, or not there, makes wide limits rather than false alarms.
final class ResidualScale {

  /// Of the mean absolute error to the standard deviation of a normal distribution.
  private static final double TO_DEVIATION = Math.sqrt(Math.PI / 2);

  private static final double CLIP = 3;
  private static final double LEAST = 0.3;
  private static final double LEAST_OF_OVERALL = 0.6;
  private static final double PRIOR = 6;
  private static final double DAILY_GAIN = 0.07;
  private static final double DAY = 86_400;

  private final SeasonalProfile hours;
  private final double rate;
  private final double day;
  private double overall;
  private double count;

  ResidualScale(long step) {
    this.hours = new SeasonalProfile((long) DAY, 24, step, DAILY_GAIN, 0);
    this.rate = step / (2 * DAY);
    this.day = DAY / step;
  }

  /// Standard deviation expected at that time, never zero: a constant series may still move by what
  /// chance alone does to counts.
  double deviation(long second) {
    double visits = hours.visits(second);
    double mixed = (visits * hours.at(second) + PRIOR * overall) / (visits + PRIOR);
    return Math.max(LEAST, TO_DEVIATION * Math.max(mixed, LEAST_OF_OVERALL * overall));
  }

  void learn(long second, double error) {
    double size = Math.abs(error);
    double clipped = count < day ? size : Math.min(size, CLIP * deviation(second));
    overall += Math.max(rate, 1 / (1 + count)) * (clipped - overall);
    count++;
    hours.learn(second, clipped - hours.at(second));
  }

  int bytes() {
    return hours.bytes() + 16;
  }

  void write(ByteBuffer buffer) {
    hours.write(buffer);
    buffer.putDouble(overall).putDouble(count);
  }

  void read(ByteBuffer buffer) {
    hours.read(buffer);
    overall = buffer.getDouble();
    count = buffer.getDouble();
  }
}
