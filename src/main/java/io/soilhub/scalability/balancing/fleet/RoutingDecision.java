package io.soilhub.scalability.balancing.fleet;

import io.soilhub.scalability.balancing.strategies.Strategy;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A choice with its reason.
///
/// @param panic whether unusable instances are candidates because too few others are left
public record RoutingDecision(
    String instanceId,
    StrategyName strategy,
    String reason,
    boolean panic,
    List<Candidate> candidates) {

  /// One instance in the choice.
  ///
  /// @param weight at the moment, slow start included
  /// @param score as the reason explains it; empty for an instance that is no candidate
  /// @param excluded why it is no candidate
  public record Candidate(
      String instanceId,
      Health health,
      double weight,
      int active,
      double latencyMs,
      Optional<Double> score,
      Optional<String> excluded) {}

  static RoutingDecision of(
      StrategyName strategy,
      PoolSnapshot poolSnapshot,
      List<Endpoint> pool,
      Strategy.Explanation told,
      long now) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < poolSnapshot.members().size(); i++) {
      double weight = rounded(poolSnapshot.candidates().weight(i));
      Optional<Double> score = Optional.of(rounded(told.scores()[i]));
      all.add(candidate(poolSnapshot.members().get(i), weight, score, Optional.empty(), now));
    }
    for (Endpoint endpoint : pool) {
      String why = poolSnapshot.excluded().get(endpoint.instance().id());
      if (why != null) {
        all.add(candidate(endpoint, 0, Optional.empty(), Optional.of(why), now));
      }
    }
    String id = poolSnapshot.members().get(told.index()).instance().id();
    return new RoutingDecision(id, strategy, told.reason(), poolSnapshot.panic(), all);
  }

  private static Candidate candidate(
      Endpoint endpoint, double weight, Optional<Double> score, Optional<String> why, long now) {
    return new Candidate(
        endpoint.instance().id(),
        endpoint.health(now),
        weight,
        endpoint.load().active(),
        rounded(endpoint.load().latencyMs(now)),
        score,
        why);
  }

  private static double rounded(double value) {
    return Math.rint(value * 1000) / 1000;
  }
}
