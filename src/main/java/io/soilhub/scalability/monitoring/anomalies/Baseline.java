package io.soilhub.scalability.monitoring.anomalies;

import io.soilhub.scalability.monitoring.anomalies.AnomalyState.Anomalous;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/// What is usual for one series, learnt from its values one at a time. It judges each value before
/// it learns from it. Not safe for use by several threads at once; about 2.5 kB, whatever it has
/// seen.
///
/// A gap is a call not made. Times are taken in UTC: where people change their clocks, the hour of
/// the change is learnt anew within days.
public final class Baseline {

  private static final byte VERSION = 1;

  /// A shift that has lasted so long is the new usual.
  private static final long BELIEVED_AFTER = SeasonalModel.DAY;

  private final BaselineSettings settings;
  private final long step;
  private final SeasonalModel seasonalModel;
  private final ResidualScale residualScale;
  private final AlarmDetector alarmDetector;
  private long last = Long.MIN_VALUE;

  /// One that has seen nothing.
  public Baseline(BaselineSettings settings) {
    this.settings = settings;
    this.step = settings.stepSeconds();
    this.seasonalModel = new SeasonalModel(step);
    this.residualScale = new ResidualScale(step);
    this.alarmDetector = new AlarmDetector(settings);
  }

  /// Judges a value, then learns from it.
  ///
  /// @param at end or start of the interval, always the same of both
  /// @param value in the unit of the series, for instance requests in the interval
  /// @throws IllegalArgumentException when the time is not after [#last()] or the value not finite
  public AnomalyScore next(Instant at, double value) {
    long second = at.getEpochSecond();
    if (second <= last) {
      throw new IllegalArgumentException("%s is not after %s".formatted(at, last()));
    }
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a value is finite, a gap is left out");
    }
    long steps =
        last == Long.MIN_VALUE ? 1 : Math.max(1, Math.round((second - last) / (double) step));
    double expected = seasonalModel.expected(second, steps);
    double error = AnscombeTransform.of(value / settings.grain()) - expected;
    double deviation = residualScale.deviation(second);
    alarmDetector.pass(steps);
    double limits = alarmDetector.threshold() * deviation;
    boolean known = seasonalModel.knows(second);
    alarmDetector.see(second, known ? error / deviation : 0);
    AnomalyScore anomalyScore = anomalyScore(expected, limits, deviation, error / deviation, known);
    boolean believed = alarmDetector.alarmed() && second - alarmDetector.since() >= BELIEVED_AFTER;
    seasonalModel.learn(second, steps, error, deviation, believed);
    if (seasonalModel.warm()) {
      residualScale.learn(second, error);
    }
    last = second;
    return anomalyScore;
  }

  /// The clock was set back: the next value may be of any time, and comes after a gap.
  public void setBack() {
    last = Long.MIN_VALUE;
  }

  private AnomalyScore anomalyScore(
      double expected, double limits, double deviation, double score, boolean known) {
    double middle = value(expected);
    double low = value(expected - limits);
    double high = value(expected + limits);
    AnomalyState anomalyState =
        alarmDetector.alarmed()
            ? new Anomalous(
                alarmDetector.direction(),
                middle,
                low,
                high,
                score,
                Instant.ofEpochSecond(alarmDetector.since()))
            : known ? new AnomalyState.Usual() : new AnomalyState.Learning();
    return new AnomalyScore(middle, low, high, deviation, score, anomalyState);
  }

  private double value(double stabilised) {
    return settings.grain() * AnscombeTransform.inverse(stabilised);
  }

  /// Time of the last value, from which a successor continues.
  public Optional<Instant> last() {
    return last == Long.MIN_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochSecond(last));
  }

  /// The whole state: [#restore] continues as if nothing had happened.
  public byte[] toBytes() {
    ByteBuffer buffer = ByteBuffer.allocate(size());
    buffer.put(VERSION).putLong(step).putDouble(settings.grain()).putLong(last);
    seasonalModel.write(buffer);
    residualScale.write(buffer);
    alarmDetector.write(buffer);
    return buffer.array();
  }

  /// @throws IllegalArgumentException when the bytes are of another version, step or grain; a
  ///   baseline that has seen nothing then has to learn anew
  public static Baseline restore(BaselineSettings settings, byte[] bytes) {
    Baseline baseline = new Baseline(settings);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (bytes.length != baseline.size()
        || buffer.get() != VERSION
        || buffer.getLong() != baseline.step
        || buffer.getDouble() != settings.grain()) {
      throw new IllegalArgumentException("not the state of such a baseline");
    }
    baseline.last = buffer.getLong();
    baseline.seasonalModel.read(buffer);
    baseline.residualScale.read(buffer);
    baseline.alarmDetector.read(buffer);
    return baseline;
  }

  private int size() {
    return 25 + seasonalModel.bytes() + residualScale.bytes() + alarmDetector.bytes();
  }
}
