package io.soilhub.scalability.monitoring.anomalies;

import io.soilhub.scalability.monitoring.anomalies.AnomalyState.Direction;
import java.nio.ByteBuffer;

/// Turns scores into alarms. Some of the last few values have to be out on the same side, or one of
/// them far out, or most of the last sixteen nearly halfway out, for what is small but lasts. The
/// alarm stands until none of that holds and none of the last few is out.
///
/// The threshold is itself learnt, after adaptive conformal inference (Gibbs and Candès 2021): each
/// alarm stretches it, quiet time relaxes it, at rates that balance at the wanted alarms per week
/// whatever the distribution of the series is. It stretches no further than to the double, so that
/// many true alarms do not make it deaf; beyond that a series may raise more than is wanted.
final class AlarmDetector {

  /// So many times the threshold is far out.
  private static final double EXTREME = 2.5;

  private static final double HALFWAY = 0.4;
  private static final int LASTING_VOTES = 12;
  private static final int LASTING = 16;
  private static final int MANY = 0xffff;
  private static final double STRETCH = 0.15;
  private static final double STRETCHED_ENOUGH = Math.log(2);
  private static final double WEEK = 7 * 86_400;

  private final BaselineSettings settings;
  private final int few;
  private int high;
  private int low;
  private int highish;
  private int lowish;
  private double stretch;
  private long since = Long.MIN_VALUE;

  AlarmDetector(BaselineSettings settings) {
    this.settings = settings;
    this.few = (1 << settings.window()) - 1;
  }

  /// Scores beyond it are out of the usual.
  double threshold() {
    return settings.threshold() * Math.exp(stretch);
  }

  /// Time goes on.
  ///
  /// @param steps since the last value; those without a value count as usual
  void pass(long steps) {
    int shift = (int) Math.min(steps, LASTING);
    high = high << shift & few;
    low = low << shift & few;
    highish = highish << shift & MANY;
    lowish = lowish << shift & MANY;
    stretch -= STRETCH * settings.alarmsPerWeek() * steps * settings.stepSeconds() / WEEK;
    stretch = Math.max(0, stretch);
  }

  void see(long second, double score) {
    double limit = threshold();
    high |= bit(score > limit);
    low |= bit(score < -limit);
    highish |= bit(score > HALFWAY * limit);
    lowish |= bit(score < -HALFWAY * limit);
    boolean lasts = Math.max(Integer.bitCount(highish), Integer.bitCount(lowish)) >= LASTING_VOTES;
    if (alarmed()) {
      since = (high | low) == 0 && !lasts ? Long.MIN_VALUE : Math.min(since, second);
    } else if (lasts
        || Math.abs(score) > EXTREME * limit
        || Math.max(Integer.bitCount(high), Integer.bitCount(low)) >= settings.votes()) {
      since = second;
      stretch = Math.min(STRETCHED_ENOUGH, stretch + STRETCH);
    }
  }

  private static int bit(boolean set) {
    return set ? 1 : 0;
  }

  boolean alarmed() {
    return since != Long.MIN_VALUE;
  }

  /// Epoch second at which the standing alarm began.
  long since() {
    return since;
  }

  Direction direction() {
    int few = Integer.bitCount(high) - Integer.bitCount(low);
    int lasting = Integer.bitCount(highish) - Integer.bitCount(lowish);
    return (few == 0 ? lasting : few) >= 0 ? Direction.HIGH : Direction.LOW;
  }

  int bytes() {
    return 32;
  }

  void write(ByteBuffer buffer) {
    buffer.putInt(high).putInt(low).putInt(highish).putInt(lowish);
    buffer.putDouble(stretch).putLong(since);
  }

  void read(ByteBuffer buffer) {
    high = buffer.getInt();
    low = buffer.getInt();
    highish = buffer.getInt();
    lowish = buffer.getInt();
    stretch = buffer.getDouble();
    since = buffer.getLong();
  }
}
