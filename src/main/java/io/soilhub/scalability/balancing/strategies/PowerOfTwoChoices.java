package io.soilhub.scalability.balancing.strategies;

import java.util.Locale;
import java.util.random.RandomGenerator;

/// The better of two that are drawn by weight, never the same twice (Mitzenmacher 2001). Balancers
/// that see only their own traffic do not herd on one target as they do with the best of all, and a
/// broken target gets at most 2 of N of the traffic however good it looks.
final class PowerOfTwoChoices implements Strategy {

  /// What a request to a candidate would cost.
  @FunctionalInterface
  interface Cost {
    double of(Candidates candidates, int index, long now);
  }

  private final RandomGenerator random;
  private final Cost cost;
  private final String measure;

  private PowerOfTwoChoices(RandomGenerator random, Cost cost, String measure) {
    this.random = random;
    this.cost = cost;
    this.measure = measure;
  }

  static PowerOfTwoChoices leastConnections(RandomGenerator random) {
    return new PowerOfTwoChoices(
        random,
        (candidates, i, now) -> candidates.load(i).active() / candidates.weight(i),
        "requests under way by weight");
  }

  /// By latency times the requests ahead, not by latency alone: the fastest of all alone would draw
  /// everything until it is the slowest.
  static PowerOfTwoChoices leastResponseTime(RandomGenerator random) {
    return new PowerOfTwoChoices(
        random,
        (candidates, i, now) -> candidates.load(i).expectedWait(now) / candidates.weight(i),
        "expected milliseconds by weight");
  }

  @Override
  public int choose(Candidates candidates, long key, long now) {
    if (candidates.size() == 1) {
      return 0;
    }
    int one = candidates.draw(random);
    int other = candidates.drawOther(one, random);
    return cost.of(candidates, other, now) < cost.of(candidates, one, now) ? other : one;
  }

  @Override
  public Explanation explain(Candidates candidates, long key, long now) {
    double[] costs = new double[candidates.size()];
    for (int i = 0; i < costs.length; i++) {
      costs[i] = cost.of(candidates, i, now);
    }
    if (costs.length == 1) {
      return new Explanation(0, "The only one.", costs);
    }
    int one = candidates.draw(random);
    int other = candidates.drawOther(one, random);
    int best = costs[other] < costs[one] ? other : one;
    String reason =
        String.format(
            Locale.ROOT,
            "Two were drawn: %s with %.3f and %s with %.3f; the lower wins. Scores are %s.",
            candidates.load(one).id(),
            costs[one],
            candidates.load(other).id(),
            costs[other],
            measure);
    return new Explanation(best, reason, costs);
  }
}
