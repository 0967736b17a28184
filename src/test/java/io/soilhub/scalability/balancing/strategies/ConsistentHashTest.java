package io.soilhub.scalability.balancing.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Hashing;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsistentHashTest {

  private final Strategy hash = new ConsistentHash(1.25);

  @Test
  void aMillionKeysAreSpreadEvenlyOverTen() {
    assertThat(imbalance(Candidates.even(StrategyContractTest.loads(10)))).isLessThan(1.02);
  }

  @Test
  void theTableSpreadsThemOverManyAsWell() {
    assertThat(imbalance(Candidates.even(StrategyContractTest.loads(120)))).isLessThan(1.06);
  }

  @Test
  void weightsAreShares() {
    double[] shares = shares(StrategyContractTest.weighted(3, 1, 2, 5), 400_000);
    assertThat(shares[0]).isBetween(0.123, 0.127);
    assertThat(shares[1]).isBetween(0.247, 0.253);
    double[] many = shares(StrategyContractTest.weighted(120, 1, 3), 400_000);
    assertThat(java.util.Arrays.stream(many).filter(s -> s > 0.0090).count()).isEqualTo(60);
  }

  /// By the formula with the library's logarithm: nobody is nearer by more than the table is off.
  @Property(tries = 500)
  void theNearestByTheFormulaIsChosen(
      @ForAll long key, @ForAll @IntRange(min = 2, max = 100) int size) {
    Candidates fleet = StrategyContractTest.weighted(size, 1, 7, 2);
    double[] distances = new double[size];
    for (int i = 0; i < size; i++) {
      double u = ((Hashing.spread(key ^ fleet.load(i).hash()) >>> 11) + 0.5) * 0x1.0p-53;
      distances[i] = -Math.log(u) / fleet.weight(i);
    }
    double least = java.util.Arrays.stream(distances).min().orElseThrow();
    assertThat(distances[hash.choose(fleet, key, 0)]).isLessThanOrEqualTo(least * 1.002);
  }

  /// While it starts slowly the weights differ, and before and after they do not.
  @Property(tries = 20)
  void aNewcomerOnItsWayTakesKeysAndMovesNoneBetweenOthers(
      @ForAll @IntRange(min = 1, max = 99) int size,
      @ForAll @IntRange(min = 1, max = 10) int ramp) {
    List<InstanceLoad> all = StrategyContractTest.loads(size + 1);
    double[] ones = StrategyContractTest.ones(size + 1);
    double[] ramps = ones.clone();
    ramps[size] = ramp / 10.0;
    Candidates before = Candidates.even(all.subList(0, size));
    Candidates during = new Candidates(all, ones, ramps);
    Candidates after = Candidates.even(all);
    for (long key = 0; key < 2000; key++) {
      InstanceLoad was = before.load(hash.choose(before, Hashing.spread(key), 0));
      InstanceLoad is = during.load(hash.choose(during, Hashing.spread(key), 0));
      InstanceLoad then = after.load(hash.choose(after, Hashing.spread(key), 0));
      assertThat(is).isIn(was, all.get(size));
      assertThat(then).isIn(is, all.get(size));
    }
  }

  @Property(tries = 20)
  void aLeavingTargetMovesItsOwnKeysAlone(
      @ForAll @IntRange(min = 2, max = 100) int size, @ForAll @IntRange(max = 99) int index) {
    List<InstanceLoad> all = StrategyContractTest.loads(size);
    InstanceLoad leaving = all.get(index % size);
    List<InstanceLoad> rest = new ArrayList<>(all);
    rest.remove(leaving);
    Candidates before = Candidates.even(all);
    Candidates after = Candidates.even(rest);
    for (long key = 0; key < 2000; key++) {
      InstanceLoad was = before.load(hash.choose(before, Hashing.spread(key), 0));
      InstanceLoad is = after.load(hash.choose(after, Hashing.spread(key), 0));
      if (was != leaving) {
        assertThat(is).isSameAs(was);
      }
    }
  }

  @Test
  void fromTheTableALeavingTargetMovesFewOthers() {
    List<InstanceLoad> all = StrategyContractTest.loads(120);
    Candidates before = Candidates.even(all);
    Candidates after = Candidates.even(all.subList(0, 119));
    int moved = 0;
    for (long key = 0; key < 100_000; key++) {
      InstanceLoad was = before.load(hash.choose(before, Hashing.spread(key), 0));
      InstanceLoad is = after.load(hash.choose(after, Hashing.spread(key), 0));
      moved += was != all.get(119) && was != is ? 1 : 0;
    }
    assertThat(moved).isLessThan(3000);
  }

  @Property(tries = 30)
  void nobodyCarriesMoreThanItsBound(
      @ForAll @IntRange(min = 1, max = 130) int size,
      @ForAll @IntRange(min = 1, max = 4000) int requests) {
    Candidates fleet = Candidates.even(StrategyContractTest.loads(size));
    for (int i = 1; i <= requests; i++) {
      InstanceLoad chosen = fleet.load(hash.choose(fleet, Hashing.spread(i % 3), 0));
      chosen.begin();
      int bound = (int) Math.ceil(1.25 * i / size);
      assertThat(chosen.active()).isLessThanOrEqualTo(Math.max(ConsistentHash.FLOOR, bound));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 100", "0, 130", "1.25, 4", "1.25, 130"})
  void aKeyStaysWithItsTargetWithoutABoundAndBelowTheFloor(double boundedLoad, int size) {
    Strategy strategy = new ConsistentHash(boundedLoad);
    Candidates fleet = Candidates.even(StrategyContractTest.loads(size));
    int home = strategy.choose(fleet, 42, 0);
    int requests = boundedLoad == 0 ? 1000 : ConsistentHash.FLOOR;
    for (int i = 0; i < requests; i++) {
      assertThat(strategy.choose(fleet, 42, 0)).isEqualTo(home);
      fleet.load(home).begin();
    }
    double[] scores = strategy.explain(fleet, 42, 0).scores();
    assertThat(java.util.Arrays.stream(scores).allMatch(Double::isFinite)).isTrue();
  }

  @Test
  void anOverloadedHomeIsNamed() {
    Candidates fleet = Candidates.even(StrategyContractTest.loads(3));
    int home = hash.choose(fleet, 42, 0);
    for (int i = 0; i < ConsistentHash.FLOOR; i++) {
      fleet.load(home).begin();
    }
    Strategy.Explanation told = hash.explain(fleet, 42, 0);
    assertThat(told.index()).isNotEqualTo(home);
    assertThat(told.reason()).contains("belongs to " + fleet.load(home).id());
  }

  private double imbalance(Candidates fleet) {
    double largest = 0;
    for (double share : shares(fleet, 1_000_000)) {
      largest = Math.max(largest, share);
    }
    return largest * fleet.size();
  }

  private double[] shares(Candidates fleet, int keys) {
    double[] shares = new double[fleet.size()];
    for (int i = 0; i < keys; i++) {
      shares[hash.choose(fleet, Hashing.hash("key-" + i), 0)] += 1.0 / keys;
    }
    return shares;
  }
}
