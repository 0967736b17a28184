package io.soilhub.scalability.anomalies;

import io.soilhub.scalability.anomalies.Verdict.Anomalous;
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
  private static final long BELIEVED_AFTER = Course.DAY;

  private final BaselineSettings settings;
  private final long step;
  private final Course course;
  private final Noise noise;
  private final Watch watch;
  private long last = Long.MIN_VALUE;

  /// One that has seen nothing.
  public Baseline(BaselineSettings settings) {
    this.settings = settings;
    this.step = settings.stepSeconds();
    this.course = new Course(step);
    this.noise = new Noise(step);
    this.watch = new Watch(settings);
  }

  /// Judges a value, then learns from it.
  ///
  /// @param at end or start of the interval, always the same of both
  /// @param value in the unit of the series, for instance requests in the interval
  /// @throws IllegalArgumentException when the time is not after [#last()] or the value not finite
  public Judgement next(Instant at, double value) {
    long second = at.getEpochSecond();
    if (second <= last) {
      throw new IllegalArgumentException("%s is not after %s".formatted(at, last()));
    }
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a value is finite, a gap is left out");
    }
    long steps =
        last == Long.MIN_VALUE ? 1 : Math.max(1, Math.round((second - last) / (double) step));
    double expected = course.expected(second, steps);
    double error = Stabilised.of(value / settings.grain()) - expected;
    double deviation = noise.deviation(second);
    watch.pass(steps);
    double limits = watch.threshold() * deviation;
    boolean known = course.knows(second);
    watch.see(second, known ? error / deviation : 0);
    Judgement judgement = judgement(expected, limits, deviation, error / deviation, known);
    boolean believed = watch.alarmed() && second - watch.since() >= BELIEVED_AFTER;
    course.learn(second, steps, error, deviation, believed);
    if (course.warm()) {
      noise.learn(second, error);
    }
    last = second;
    return judgement;
  }

  /// The clock was set back: the next value may be of any time, and comes after a gap.
  public void setBack() {
    last = Long.MIN_VALUE;
  }

  private Judgement judgement(
      double expected, double limits, double deviation, double score, boolean known) {
    double middle = value(expected);
    double low = value(expected - limits);
    double high = value(expected + limits);
    Verdict verdict =
        watch.alarmed()
            ? new Anomalous(
                watch.direction(), middle, low, high, score, Instant.ofEpochSecond(watch.since()))
            : known ? new Verdict.Usual() : new Verdict.Learning();
    return new Judgement(middle, low, high, deviation, score, verdict);
  }

  private double value(double stabilised) {
    return settings.grain() * Stabilised.inverse(stabilised);
  }

  /// Time of the last value, from which a successor continues.
  public Optional<Instant> last() {
    return last == Long.MIN_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochSecond(last));
  }

  /// The whole state: [#restore] continues as if nothing had happened.
  public byte[] toBytes() {
    ByteBuffer buffer = ByteBuffer.allocate(size());
    buffer.put(VERSION).putLong(step).putDouble(settings.grain()).putLong(last);
    course.write(buffer);
    noise.write(buffer);
    watch.write(buffer);
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
    baseline.course.read(buffer);
    baseline.noise.read(buffer);
    baseline.watch.read(buffer);
    return baseline;
  }

  private int size() {
    return 25 + course.bytes() + noise.bytes() + watch.bytes();
  }
}
