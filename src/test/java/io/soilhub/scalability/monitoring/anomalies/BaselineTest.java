package io.soilhub.scalability.monitoring.anomalies;

import static io.soilhub.scalability.monitoring.anomalies.Traffic.DAY;
import static io.soilhub.scalability.monitoring.anomalies.Traffic.STEP;
import static io.soilhub.scalability.monitoring.anomalies.Traffic.WEEK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.soilhub.scalability.monitoring.anomalies.AnomalyState.Anomalous;
import io.soilhub.scalability.monitoring.anomalies.AnomalyState.Direction;
import io.soilhub.scalability.monitoring.anomalies.AnomalyState.Learning;
import io.soilhub.scalability.monitoring.anomalies.AnomalyState.Usual;
import io.soilhub.scalability.monitoring.anomalies.Traffic.Chance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineTest {

  private static final BaselineSettings COUNTS = BaselineSettings.counts(STEP);
  private static final int NOON = 12 * 12;

  private final Baseline baseline = new Baseline(COUNTS);

  @ParameterizedTest
  @EnumSource(Chance.class)
  void chanceAloneRaisesLessThanOneAlarmAWeek(Chance chance) {
    int seeds = 6;
    int weeks = 10;
    int alarms = 0;
    for (int seed = 0; seed < seeds; seed++) {
      Traffic traffic = new Traffic(seed % 2 == 0 ? 400 : 20, chance, seed);
      alarms += begins(run(new Baseline(COUNTS), 0, weeks * WEEK, traffic::requests));
    }

    assertThat((double) alarms / (seeds * (weeks - 1))).isLessThan(1);
  }

  @ParameterizedTest
  @EnumSource(Chance.class)
  void trafficThatFallsToZeroAtNoonIsSeenWithinAQuarterOfAnHour(Chance chance) {
    Traffic traffic = new Traffic(400, chance, 1);
    run(baseline, 0, 4 * WEEK + DAY + NOON, traffic::requests);

    List<AnomalyScore> outage = run(baseline, 4 * WEEK + DAY + NOON, 12, _ -> 0);

    assertThat(outage.get(2).verdict())
        .isInstanceOfSatisfying(
            Anomalous.class,
            alarm -> {
              assertThat(alarm.direction()).isEqualTo(Direction.LOW);
              assertThat(alarm.expected()).isBetween(250.0, 550.0);
              assertThat(alarm.low()).isPositive();
            });
    assertThat(outage.getLast().verdict()).isInstanceOf(Anomalous.class);
  }

  @Test
  void zeroAtNightIsUsualWhereNightsAreQuiet() {
    Traffic traffic = new Traffic(60, Chance.POISSON, 1);
    int twoAtNight = 4 * WEEK + DAY + 24;
    run(baseline, 0, twoAtNight, traffic::requests);

    assertThat(run(baseline, twoAtNight, 3, _ -> 0)).allMatch(j -> j.verdict() instanceof Usual);
  }

  @Test
  void anOutageOfHalfADayStaysAnAlarmAndDoesNotTeach() {
    Traffic traffic = new Traffic(400, Chance.BURSTY, 2);
    int begin = 4 * WEEK + DAY + 7 * 12;
    run(baseline, 0, begin, traffic::requests);

    List<AnomalyScore> outage = run(baseline, begin, 144, _ -> 0);
    List<AnomalyScore> after = run(baseline, begin + 144, WEEK, traffic::requests);

    assertThat(outage.subList(3, 144)).allMatch(j -> j.verdict() instanceof Anomalous);
    assertThat(begins(after.subList(6, after.size()))).isLessThanOrEqualTo(1);
    assertThat(after.get(WEEK - 72).expected())
        .isCloseTo(traffic.expected(begin + 144 + WEEK - 72), within(100.0));
  }

  @Test
  void fourTimesTheUsualAtThreeInTheMorningIsSeenThoughItIsFarBelowTheBusiestHour() {
    Traffic traffic = new Traffic(400, Chance.POISSON, 3);
    int three = 4 * WEEK + 2 * DAY + 36;
    List<AnomalyScore> before = run(baseline, 0, three, traffic::requests);

    List<AnomalyScore> doubled = run(baseline, three, 6, i -> 4 * traffic.requests(i));

    assertThat(before.getLast().verdict()).isInstanceOf(Usual.class);
    assertThat(doubled.getLast().verdict())
        .isInstanceOfSatisfying(
            Anomalous.class,
            alarm -> {
              assertThat(alarm.direction()).isEqualTo(Direction.HIGH);
              assertThat(alarm.high()).isLessThan(200);
            });
  }

  @Test
  void oneValueOutIsNotAnAlarmUnlessItIsFarOut() {
    Traffic traffic = new Traffic(400, Chance.POISSON, 4);
    int noon = 4 * WEEK + DAY + NOON;
    run(baseline, 0, noon, traffic::requests);
    Baseline other = Baseline.restore(COUNTS, baseline.toBytes());

    AnomalyScore out = run(baseline, noon, 1, i -> 1.5 * traffic.expected(i)).getFirst();
    AnomalyScore farOut = run(other, noon, 1, i -> 20 * traffic.expected(i)).getFirst();

    assertThat(out.score()).isGreaterThan(4);
    assertThat(out.verdict()).isInstanceOf(Usual.class);
    assertThat(farOut.verdict()).isInstanceOf(Anomalous.class);
  }

  @Test
  void aShiftThatLastsIsAnAlarmFirstAndTheNewUsualWithinDays() {
    Traffic traffic = new Traffic(400, Chance.POISSON, 5);
    int begin = 4 * WEEK;
    run(baseline, 0, begin, traffic::requests);

    List<AnomalyScore> shifted = run(baseline, begin, WEEK, i -> 3 * traffic.requests(i));

    assertThat(shifted.get(4).verdict()).isInstanceOf(Anomalous.class);
    assertThat(shifted.subList(4 * DAY, WEEK)).allMatch(j -> j.verdict() instanceof Usual);
  }

  @Test
  void slowGrowthIsFollowed() {
    Traffic traffic = new Traffic(100, Chance.POISSON, 6);
    List<AnomalyScore> all =
        run(baseline, 0, 12 * WEEK, i -> traffic.requests(i) * Math.exp(0.15 * i / WEEK));

    assertThat(begins(all)).isLessThanOrEqualTo(4);
    int noon = 11 * WEEK + NOON;
    double truth = traffic.expected(noon) * Math.exp(0.15 * 11);
    assertThat(all.get(noon).expected()).isCloseTo(truth, within(0.25 * truth));
  }

  @Test
  void theFirstWeekIsLearningAndNothingIsAlarmedInIt() {
    SplittableRandom random = new SplittableRandom(7);
    List<AnomalyScore> first = run(baseline, 0, WEEK, _ -> random.nextInt(100_000));

    assertThat(first).allMatch(anomalyScore -> anomalyScore.verdict() instanceof Learning);
    assertThat(run(baseline, WEEK, 1, _ -> 50_000).getFirst().verdict())
        .isNotInstanceOf(Learning.class);
  }

  @Test
  void anHourOfTheWeekThatWasNeverSeenIsNotJudged() {
    Traffic traffic = new Traffic(400, Chance.POISSON, 8);
    for (int i = 0; i < 3 * WEEK; i++) {
      if (i / DAY % 7 < 5) {
        baseline.next(Traffic.at(i), traffic.requests(i));
      }
    }

    assertThat(run(baseline, 3 * WEEK + 5 * DAY + NOON, 1, _ -> 5_000).getFirst().verdict())
        .isInstanceOf(Learning.class);
    assertThat(run(baseline, 4 * WEEK + NOON, 1, _ -> 5_000).getFirst().verdict())
        .isInstanceOf(Anomalous.class);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, 100, 1e9})
  void aConstantSeriesIsUsualAndALargeStepOutOfItIsNot(double constant) {
    List<AnomalyScore> all = run(baseline, 0, 3 * WEEK, _ -> constant);

    assertThat(begins(all)).isZero();
    assertThat(all.getLast().expected()).isCloseTo(constant, within(0.01 + 0.01 * constant));
    assertThat(run(baseline, 3 * WEEK, 3, _ -> 50 + 5 * constant).getLast().verdict())
        .isInstanceOf(Anomalous.class);
  }

  @Test
  void responseTimesInSecondsAreJudgedByTheirGrain() {
    BaselineSettings seconds = BaselineSettings.of(STEP, 0.001);
    Baseline times = new Baseline(seconds);
    SplittableRandom random = new SplittableRandom(9);
    IntToDoubleFunction usual = _ -> 0.08 * Math.exp(0.15 * random.nextGaussian());

    assertThat(begins(run(times, 0, 4 * WEEK, usual))).isZero();
    List<AnomalyScore> slow = run(times, 4 * WEEK, 4, i -> 3 * usual.applyAsDouble(i));
    assertThat(slow.getLast().verdict()).isInstanceOf(Anomalous.class);
    assertThat(slow.getFirst().expected()).isCloseTo(0.08, within(0.01));
  }

  @Test
  void gapsDoNotAlarmAndTheSeasonIsKeptOverThem() {
    Traffic traffic = new Traffic(400, Chance.POISSON, 10);
    SplittableRandom random = new SplittableRandom(10);
    List<AnomalyScore> all = new ArrayList<>();
    for (int i = 0; i < 8 * WEEK; i++) {
      boolean away = i > 5 * WEEK && i < 5 * WEEK + 3 * DAY;
      if (!away && random.nextInt(4) > 0) {
        all.add(baseline.next(Traffic.at(i), traffic.requests(i)));
      }
    }

    assertThat(begins(all)).isLessThanOrEqualTo(2);
    int noon = 8 * WEEK + NOON;
    assertThat(run(baseline, noon, 1, traffic::requests).getFirst().expected())
        .isCloseTo(traffic.expected(noon), within(60.0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 30, 60})
  void anyStepFromAMinuteToAnHourFindsAnOutageOfFourHours(int minutes) {
    Duration step = Duration.ofMinutes(minutes);
    Baseline other = new Baseline(BaselineSettings.counts(step));
    Traffic traffic = new Traffic(400, Chance.POISSON, 11);
    List<AnomalyScore> outage = new ArrayList<>();
    List<AnomalyScore> before = new ArrayList<>();
    int noon = (28 * 24 + 12) * 60;
    for (int minute = 0; minute < noon + 240; minute += minutes) {
      double requests = traffic.requests(minute / 5);
      AnomalyScore anomalyScore =
          other.next(Traffic.BEGIN.plus(Duration.ofMinutes(minute)), minute < noon ? requests : 0);
      (minute < noon ? before : outage).add(anomalyScore);
    }

    assertThat(begins(before)).isLessThanOrEqualTo(3);
    assertThat(outage.getLast().verdict()).isInstanceOf(Anomalous.class);
  }

  @Property(tries = 25)
  void aRestartAnywhereChangesNothing(@ForAll @IntRange(max = 3 * WEEK) int cut) {
    Traffic one = new Traffic(100, Chance.HEAVY, 12);
    Traffic other = new Traffic(100, Chance.HEAVY, 12);
    Baseline through = new Baseline(COUNTS);
    Baseline before = new Baseline(COUNTS);
    run(through, 0, cut, one::requests);
    run(before, 0, cut, other::requests);

    Baseline after = Baseline.restore(COUNTS, before.toBytes());

    assertThat(after.last()).isEqualTo(through.last());
    assertThat(run(after, cut, 500, other::requests))
        .isEqualTo(run(through, cut, 500, one::requests));
    assertThat(after.toBytes()).isEqualTo(through.toBytes()).hasSizeLessThan(3_000);
  }

  @Test
  void theStateOfAnotherSeriesIsRefused() {
    byte[] bytes = baseline.toBytes();
    bytes[0]++;

    assertThatIllegalArgumentException().isThrownBy(() -> Baseline.restore(COUNTS, bytes));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Baseline.restore(BaselineSettings.of(STEP, 2), baseline.toBytes()));
    assertThatIllegalArgumentException().isThrownBy(() -> Baseline.restore(COUNTS, new byte[] {1}));
  }

  @Test
  void timeGoesForwardAndValuesAreNumbers() {
    baseline.next(Traffic.at(1), 1);

    assertThatIllegalArgumentException().isThrownBy(() -> baseline.next(Traffic.at(1), 1));
    assertThatIllegalArgumentException().isThrownBy(() -> baseline.next(Traffic.at(0), 1));
    assertThatIllegalArgumentException().isThrownBy(() -> baseline.next(Traffic.at(2), Double.NaN));
    assertThat(baseline.last()).contains(Traffic.at(1));
  }

  private static List<AnomalyScore> run(
      Baseline baseline, int from, int steps, IntToDoubleFunction values) {
    List<AnomalyScore> judgements = new ArrayList<>(steps);
    for (int i = from; i < from + steps; i++) {
      judgements.add(baseline.next(Traffic.at(i), values.applyAsDouble(i)));
    }
    return judgements;
  }

  /// How many alarms began.
  private static int begins(List<AnomalyScore> judgements) {
    int begins = 0;
    boolean before = false;
    for (AnomalyScore anomalyScore : judgements) {
      boolean now = anomalyScore.verdict() instanceof Anomalous;
      begins += now && !before ? 1 : 0;
      before = now;
    }
    return begins;
  }
}
