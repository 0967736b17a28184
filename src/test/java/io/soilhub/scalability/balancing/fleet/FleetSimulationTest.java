package io.soilhub.scalability.balancing.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.balancing.fleet.SimulatedFleet.Outcome;
import io.soilhub.scalability.balancing.fleet.SimulatedFleet.Scenario;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the strategies and the ejection promise together, over simulated traffic of four balancers.
/// `SimulationReport` writes the full table.
class FleetSimulationTest {

  @Test
  void oneSlowInstanceOfTenIsNotFelt() {
    Policy policy = Policy.of(StrategyName.LEAST_RESPONSE_TIME);
    double without = SimulatedFleet.run(Scenario.even(0.5, 30), policy, 1).percentile(0.99);
    Outcome with = SimulatedFleet.run(Scenario.even(0.5, 30).slow(10), policy, 1);
    assertThat(with.percentile(0.99)).isLessThan(1.1 * without);
  }

  @ParameterizedTest
  @EnumSource(StrategyName.class)
  void anInstanceThatFailsFastIsLeftAlone(StrategyName strategy) {
    Outcome outcome =
        SimulatedFleet.run(Scenario.even(0.5, 60).withFailing(), Policy.of(strategy), 2);
    assertThat(outcome.errors()).isPositive();
    assertThat(outcome.errorShare()).isLessThan(0.005);
  }

  @ParameterizedTest
  @EnumSource(
      value = StrategyName.class,
      names = {"LEAST_CONNECTIONS", "LEAST_RESPONSE_TIME"})
  void withoutEjectionItGetsAtMostTwoOfN(StrategyName strategy) {
    Outcome outcome =
        SimulatedFleet.run(Scenario.even(0.5, 20).withFailing(), neverEjecting(strategy), 3);
    assertThat(outcome.share(0, 0, 20)).isLessThan(0.2);
  }

  @ParameterizedTest
  @EnumSource(StrategyName.class)
  void aJoiningInstanceRampsOverTheWindow(StrategyName strategy) {
    Outcome outcome =
        SimulatedFleet.run(Scenario.even(0.5, 60).joining(10), Policy.of(strategy), 4);
    double early = outcome.share(9, 10, 15);
    double middle = outcome.share(9, 20, 25);
    double late = outcome.share(9, 45, 60);
    assertThat(early).isLessThan(0.035).isLessThan(middle);
    assertThat(middle).isLessThan(late);
    assertThat(late).isBetween(0.09, 0.11);
  }

  static Policy neverEjecting(StrategyName strategy) {
    return new Policy(
        strategy, null, null, null, null, null, null, null, 0.0, null, null, null, null, null);
  }
}
