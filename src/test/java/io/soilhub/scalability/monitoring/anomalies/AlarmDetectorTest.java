package io.soilhub.scalability.monitoring.anomalies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.soilhub.scalability.monitoring.anomalies.AnomalyState.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AlarmDetectorTest {

  /// Relaxes fully between two values, so that the threshold stays at four.
  private static final BaselineSettings FIXED =
      new BaselineSettings(Duration.ofMinutes(5), 1, 4, 3, 5, 1e9);

  private static final BaselineSettings DEFAULT = BaselineSettings.counts(Duration.ofMinutes(5));

  @Property
  void alarmsAreThoseOfTheRuleReadAloud(
      @ForAll @Size(max = 60) List<@DoubleRange(min = -12, max = 12) Double> scores,
      @ForAll @Size(min = 60, max = 60) List<@IntRange(min = 1, max = 7) Integer> steps) {
    AlarmDetector alarmDetector = new AlarmDetector(FIXED);
    List<Double> slots = new ArrayList<>();
    boolean alarmed = false;
    for (int i = 0; i < scores.size(); i++) {
      for (int gap = 1; gap < steps.get(i); gap++) {
        slots.addFirst(0.0);
      }
      slots.addFirst(scores.get(i));
      List<Double> few = slots.subList(0, Math.min(5, slots.size()));
      List<Double> lasting = slots.subList(0, Math.min(16, slots.size()));
      long high = above(few, 4);
      long low = below(few, -4);
      boolean lasts = above(lasting, 1.6) >= 12 || below(lasting, -1.6) >= 12;
      alarmed =
          alarmed
              ? high + low > 0 || lasts
              : high >= 3 || low >= 3 || lasts || Math.abs(scores.get(i)) > 10;

      see(alarmDetector, 300L * slots.size(), scores.get(i), steps.get(i));

      assertThat(alarmDetector.alarmed()).isEqualTo(alarmed);
      if (alarmed && high != low) {
        assertThat(alarmDetector.direction())
            .isEqualTo(high > low ? Direction.HIGH : Direction.LOW);
      }
    }
  }

  private static long above(List<Double> scores, double limit) {
    return scores.stream().filter(score -> score > limit).count();
  }

  private static long below(List<Double> scores, double limit) {
    return scores.stream().filter(score -> score < limit).count();
  }

  @Test
  void whatIsSmallButLastsIsAnAlarm() {
    AlarmDetector alarmDetector = new AlarmDetector(FIXED);
    for (int i = 1; i <= 12; i++) {
      assertThat(alarmDetector.alarmed()).isFalse();
      see(alarmDetector, 300L * i, -1.7, 1);
    }
    assertThat(alarmDetector.alarmed()).isTrue();
    assertThat(alarmDetector.direction()).isEqualTo(Direction.LOW);
  }

  @Test
  void anAlarmKeepsTheTimeOfItsBeginning() {
    AlarmDetector alarmDetector = new AlarmDetector(FIXED);
    for (int i = 1; i <= 10; i++) {
      see(alarmDetector, 300L * i, i >= 4 ? 6 : 0, 1);
    }
    assertThat(alarmDetector.since()).isEqualTo(300 * 6);
  }

  @Test
  void eachAlarmStretchesTheThresholdAndQuietTimeRelaxesIt() {
    AlarmDetector alarmDetector = new AlarmDetector(DEFAULT);
    see(alarmDetector, 300, 100, 1);
    assertThat(alarmDetector.threshold()).isCloseTo(4 * Math.exp(0.15), within(1e-9));

    see(alarmDetector, 600, 0, 2016);
    assertThat(alarmDetector.threshold()).isCloseTo(4 * Math.exp(0.075), within(1e-3));
    see(alarmDetector, 900, 0, 3000);
    assertThat(alarmDetector.threshold()).isEqualTo(4);
  }

  /// Scores without any mean or variance: no fixed threshold would do.
  @Test
  void alarmsPerWeekComeDownTowardsTheWantedOnes() {
    SplittableRandom random = new SplittableRandom(5);
    AlarmDetector fixed = new AlarmDetector(FIXED);
    AlarmDetector learning = new AlarmDetector(DEFAULT);
    int fixedAlarms = 0;
    int alarms = 0;
    for (int i = 1; i <= 2016 * 100; i++) {
      double score = 0.02 * Math.tan(Math.PI * (random.nextDouble() - 0.5));
      boolean fixedBefore = fixed.alarmed();
      boolean before = learning.alarmed();
      see(fixed, 300L * i, score, 1);
      see(learning, 300L * i, score, 1);
      fixedAlarms += fixed.alarmed() && !fixedBefore ? 1 : 0;
      alarms += learning.alarmed() && !before ? 1 : 0;
    }

    assertThat(fixedAlarms).isGreaterThan(200);
    assertThat(alarms).isBetween(50, (int) (0.6 * fixedAlarms));
    assertThat(learning.threshold()).isBetween(6.0, 8.0);
  }

  private static void see(AlarmDetector alarmDetector, long second, double score, long steps) {
    alarmDetector.pass(steps);
    alarmDetector.see(second, score);
  }
}
