package io.soilhub.scalability.bench;

import io.soilhub.scalability.strategies.Candidates;
import io.soilhub.scalability.strategies.Load;
import io.soilhub.scalability.strategies.SharedRandom;
import io.soilhub.scalability.strategies.Strategy;
import io.soilhub.scalability.strategies.StrategyName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// How long one choice takes: the median of rounds of many choices in a row on one thread, each on
/// instances with some history. Prints a table.
public final class StrategySpeed {

  private static final int ROUNDS = 15;
  private static final int CHOICES = 2_000_000;

  private StrategySpeed() {}

  public static void main(String[] arguments) {
    System.out.println(
        "| strategy | 10 instances, ns | 10 of unequal weight, ns | 200 instances, ns |");
    System.out.println("|---|---:|---:|---:|");
    for (StrategyName name : StrategyName.values()) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.0f | %.0f |%n",
          name.text(),
          nanos(name, 10, false),
          nanos(name, 10, true),
          nanos(name, 200, false));
    }
  }

  private static double nanos(StrategyName name, int size, boolean unequal) {
    Candidates fleet = fleet(size, unequal);
    Strategy strategy = name.create(new SharedRandom(7), 1.25);
    double[] rounds = new double[ROUNDS];
    long sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long begin = System.nanoTime();
      for (int i = 0; i < CHOICES; i++) {
        sum += strategy.choose(fleet, i * 0x9e3779b97f4a7c15L, begin + i);
      }
      rounds[round] = (double) (System.nanoTime() - begin) / CHOICES;
    }
    if (sum < 0) {
      throw new IllegalStateException("no index is negative");
    }
    Arrays.sort(rounds, 0, ROUNDS);
    return rounds[ROUNDS / 2];
  }

  private static Candidates fleet(int size, boolean unequal) {
    List<Load> loads = IntStream.range(0, size).mapToObj(i -> new Load("instance-" + i)).toList();
    double[] weights = new double[size];
    double[] ones = new double[size];
    Arrays.fill(ones, 1);
    long now = System.nanoTime();
    for (int i = 0; i < size; i++) {
      weights[i] = unequal ? 1 + i % 5 : 1;
      loads.get(i).begin();
      loads.get(i).observe(1_000_000L * (5 + i % 7), false, now);
      if (i % 2 == 0) {
        loads.get(i).done();
      }
    }
    return new Candidates(loads, weights, ones);
  }
}
