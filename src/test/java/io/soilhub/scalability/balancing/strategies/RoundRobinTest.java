package io.soilhub.scalability.balancing.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RoundRobinTest {

  private final Strategy weighted = new RoundRobin(true);
  private final Strategy plain = new RoundRobin(false);

  @Property
  void eachGetsExactlyItsWeightInEveryCycle(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 100) Integer> weights) {
    Candidates fleet = fleet(weights);
    int cycle = weights.stream().mapToInt(Integer::intValue).sum();
    Strategy fresh = new RoundRobin(true);
    for (int round = 0; round < 3; round++) {
      int[] counts = new int[weights.size()];
      for (int i = 0; i < cycle; i++) {
        counts[fresh.choose(fleet, 0, 0)]++;
      }
      for (int i = 0; i < counts.length; i++) {
        assertThat(counts[i]).isEqualTo(weights.get(i));
      }
    }
  }

  /// The sequence that nginx gives for 5, 1 and 1.
  @Test
  void aHeavyTargetIsSpreadOverTheCycle() {
    assertThat(sequence(weighted, fleet(List.of(5, 1, 1)), 7)).containsExactly(0, 0, 1, 0, 2, 0, 0);
  }

  @Test
  void withoutWeightsEverybodyHasHisTurn() {
    assertThat(sequence(plain, fleet(List.of(9, 1, 4)), 7)).containsExactly(0, 1, 2, 0, 1, 2, 0);
  }

  @Test
  void theOrderGoesOnWhenTheSnapshotIsMadeAnew() {
    List<InstanceLoad> loads = StrategyContractTest.loads(3);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      order.add(plain.choose(Candidates.even(loads), 0, 0));
    }
    assertThat(order).containsExactly(0, 1, 2, 0, 1, 2);
  }

  private static List<Integer> sequence(Strategy strategy, Candidates fleet, int length) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      order.add(strategy.choose(fleet, 0, 0));
    }
    return order;
  }

  private static Candidates fleet(List<Integer> weights) {
    double[] values = weights.stream().mapToDouble(Integer::doubleValue).toArray();
    return new Candidates(
        StrategyContractTest.loads(values.length),
        values,
        StrategyContractTest.ones(values.length));
  }
}
