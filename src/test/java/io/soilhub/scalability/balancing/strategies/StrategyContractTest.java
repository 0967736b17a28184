package io.soilhub.scalability.balancing.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Hashing;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every strategy promises, whatever it prefers.
class StrategyContractTest {

  @Property(tries = 300)
  void aCandidateIsChosenAndTheExplanationMovesNothing(
      @ForAll StrategyName name,
      @ForAll("fleets") Candidates fleet,
      @ForAll long key,
      @ForAll boolean bounded) {
    double bound = bounded ? 1.25 : 0;
    Strategy strategy = name.create(new SharedRandom(key), bound);
    Strategy twin = name.create(new SharedRandom(key), bound);
    for (int i = 0; i < 30; i++) {
      double[] before = credits(fleet);
      Strategy.Explanation told = strategy.explain(fleet, key + i, i);
      assertThat(credits(fleet)).isEqualTo(before);
      int chosen = twin.choose(fleet, key + i, i);
      assertThat(chosen).isBetween(0, fleet.size() - 1).isEqualTo(told.index());
      assertThat(told.scores()).hasSize(fleet.size());
      fleet.load(chosen).begin();
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyName.class)
  void everyEqualTargetGetsItsShare(StrategyName name) {
    Candidates fleet = Candidates.even(loads(10));
    Strategy strategy = name.create(new SharedRandom(7), 1.25);
    int[] counts = new int[10];
    for (int i = 0; i < 20_000; i++) {
      counts[strategy.choose(fleet, Hashing.spread(i), i)]++;
    }
    assertThat(IntStream.of(counts).boxed().toList())
        .allSatisfy(c -> assertThat(c).isBetween(1800, 2200));
  }

  @ParameterizedTest
  @EnumSource(StrategyName.class)
  void aChoiceAllocatesNothing(StrategyName name) {
    Candidates fleet = weighted(10, 1, 2, 3);
    Strategy strategy = name.create(new SharedRandom(7), 1.25);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = 0;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1000; i++) {
        sum += strategy.choose(fleet, i, i);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(sum).isPositive();
    assertThat(least).as("bytes of 1,000 choices").isLessThan(1000);
  }

  @ParameterizedTest
  @EnumSource(StrategyName.class)
  void manyThreadsChooseAtTheSameTime(StrategyName name) throws InterruptedException {
    Candidates fleet = weighted(120, 1, 2);
    Strategy strategy = name.create(new SharedRandom(7), 1.25);
    AtomicBoolean wrong = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 2000; i++) {
                      int chosen = strategy.choose(fleet, Hashing.spread(i), i);
                      wrong.compareAndSet(false, chosen < 0 || chosen >= fleet.size());
                      fleet.load(chosen).begin();
                      fleet.load(chosen).observe(1_000_000, i % 5 == 0, i);
                      fleet.load(chosen).done();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).isFalse();
    assertThat(fleet.totalActive()).isZero();
  }

  /// A newcomer on a tenth of its weight gets less than half of an equal share from any strategy.
  @ParameterizedTest
  @EnumSource(StrategyName.class)
  void aNewcomerStartsSlowly(StrategyName name) {
    double[] ones = {1, 1, 1, 1, 1};
    Candidates fleet = new Candidates(loads(5), ones, new double[] {1, 1, 1, 1, 0.1});
    Strategy strategy = name.create(new SharedRandom(7), 1.25);
    RandomGenerator random = new SharedRandom(3);
    int newcomer = 0;
    for (int i = 0; i < 20_000; i++) {
      long now = i * 1_000_000L;
      int chosen = strategy.choose(fleet, random.nextLong(), now);
      fleet.load(chosen).begin();
      fleet.load(chosen).observe(10_000_000, false, now);
      fleet.load(chosen).done();
      newcomer += chosen == 4 ? 1 : 0;
    }
    assertThat(newcomer).isBetween(1, 2000);
  }

  @Provide
  Arbitrary<Candidates> fleets() {
    return Arbitraries.integers()
        .between(1, 130)
        .flatMap(
            size ->
                Arbitraries.doubles()
                    .between(0.1, 100)
                    .array(double[].class)
                    .ofSize(size)
                    .map(weights -> new Candidates(loads(size), weights, ones(size))));
  }

  static List<InstanceLoad> loads(int count) {
    return IntStream.range(0, count).mapToObj(i -> new InstanceLoad("instance-" + i)).toList();
  }

  /// Targets whose weights repeat a pattern.
  static Candidates weighted(int count, double... pattern) {
    double[] weights = new double[count];
    for (int i = 0; i < count; i++) {
      weights[i] = pattern[i % pattern.length];
    }
    return new Candidates(loads(count), weights, ones(count));
  }

  static double[] ones(int size) {
    double[] ones = new double[size];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }

  private static double[] credits(Candidates fleet) {
    return IntStream.range(0, fleet.size()).mapToDouble(i -> fleet.load(i).credit()).toArray();
  }
}
