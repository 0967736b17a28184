package io.soilhub.scalability.balancing.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PowerOfTwoChoicesTest {

  private static final long SECOND = 1_000_000_000L;

  private final Strategy byTime = PowerOfTwoChoices.leastResponseTime(new SharedRandom(1));
  private final Strategy byConnections = PowerOfTwoChoices.leastConnections(new SharedRandom(1));

  @Test
  void ofTwoTheLessBusyIsAlwaysChosen() {
    Candidates fleet = Candidates.even(StrategyContractTest.loads(2));
    fleet.load(0).begin();
    for (int i = 0; i < 100; i++) {
      assertThat(byConnections.choose(fleet, 0, 0)).isEqualTo(1);
    }
  }

  @Test
  void aTargetOfThreeTimesTheWeightCarriesThreeTimesTheRequests() {
    Candidates fleet = StrategyContractTest.weighted(2, 1, 3);
    for (int i = 0; i < 400; i++) {
      fleet.load(byConnections.choose(fleet, 0, 0)).begin();
    }
    assertThat(fleet.load(1).active()).isBetween(295, 305);
  }

  @Test
  void aTargetWithoutHistoryIsAskedOnceUntilItAnswers() {
    Candidates fleet = withNewcomer();
    int newcomer = 0;
    for (int i = 0; i < 200; i++) {
      int chosen = byTime.choose(fleet, 0, SECOND);
      if (chosen == 2) {
        newcomer++;
        fleet.load(chosen).begin();
      }
    }
    assertThat(newcomer).isEqualTo(1);
  }

  @Test
  void failingFastAttractsNothing() {
    Candidates fleet = withNewcomer();
    int failing = 0;
    for (int i = 0; i < 1000; i++) {
      long now = SECOND + i * 1_000_000L;
      int chosen = byTime.choose(fleet, 0, now);
      InstanceLoad load = fleet.load(chosen);
      load.begin();
      load.observe(chosen == 2 ? 1_000_000 : 10_000_000, chosen == 2, now);
      load.done();
      failing += chosen == 2 ? 1 : 0;
    }
    assertThat(failing).isEqualTo(1);
  }

  @Test
  void oneFailureOfMuchTrafficIsForgottenWithinSeconds() {
    InstanceLoad load = new InstanceLoad("a");
    answer(load, 10, 0);
    load.begin();
    load.observe(1_000_000, true, SECOND);
    load.done();
    assertThat(load.latencyMs(SECOND)).isBetween(17.0, 20.0);
    for (int i = 2; i < 12; i++) {
      answer(load, 10, i * SECOND);
    }
    assertThat(load.latencyMs(12 * SECOND)).isBetween(10.0, 14.0);
  }

  @Test
  void aPeakCountsAtOnceAndDecays() {
    InstanceLoad load = new InstanceLoad("a");
    answer(load, 10, 0);
    answer(load, 500, SECOND);
    assertThat(load.latencyMs(SECOND)).isBetween(499.0, 501.0);
    assertThat(load.latencyMs(11 * SECOND)).isBetween(180.0, 187.0);
  }

  @Test
  void theClockMayWrapRound() {
    InstanceLoad load = new InstanceLoad("a");
    long wrap = (1L << 52) - SECOND;
    answer(load, 100, wrap);
    assertThat(load.latencyMs(wrap + 2 * SECOND)).isBetween(80.0, 83.0);
  }

  private static Candidates withNewcomer() {
    Candidates fleet = Candidates.even(StrategyContractTest.loads(3));
    for (int i : List.of(0, 1)) {
      answer(fleet.load(i), 10, SECOND);
    }
    return fleet;
  }

  private static void answer(InstanceLoad load, long millis, long now) {
    load.begin();
    load.observe(millis * 1_000_000, false, now);
    load.done();
  }
}
