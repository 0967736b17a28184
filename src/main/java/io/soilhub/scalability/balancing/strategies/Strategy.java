package io.soilhub.scalability.balancing.strategies;

/// Chooses one of the candidates. Implementations are safe for any number of threads and allocate
/// nothing in [#choose].
public interface Strategy {

  /// A choice that is not made, only told: nothing of the strategy's state moves on.
  ///
  /// @param reason in a sentence for people
  /// @param scores one for each candidate; what it means stands in the reason
  record Explanation(int index, String reason, double[] scores) {}

  /// @param candidates at least one
  /// @param key hash of what the request is to stick to; only consistent hashing looks at it
  /// @param now nanoseconds of the replica's ticker
  /// @return index of the chosen candidate
  int choose(Candidates candidates, long key, long now);

  /// What [#choose] would do now, and why. A strategy that draws lots draws its own here.
  Explanation explain(Candidates candidates, long key, long now);
}
