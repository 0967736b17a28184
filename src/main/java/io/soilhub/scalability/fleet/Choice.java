package io.soilhub.scalability.fleet;

import io.soilhub.scalability.strategies.Strategy;
import io.soilhub.scalability.strategies.StrategyName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A choice with its reason.
///
/// @param panic whether unusable instances are candidates because too few others are left
public record Choice(
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

  static Choice of(
      StrategyName strategy,
      Outlook outlook,
      List<Member> pool,
      Strategy.Explanation told,
      long now) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < outlook.members().size(); i++) {
      double weight = rounded(outlook.candidates().weight(i));
      Optional<Double> score = Optional.of(rounded(told.scores()[i]));
      all.add(candidate(outlook.members().get(i), weight, score, Optional.empty(), now));
    }
    for (Member member : pool) {
      String why = outlook.excluded().get(member.instance().id());
      if (why != null) {
        all.add(candidate(member, 0, Optional.empty(), Optional.of(why), now));
      }
    }
    String id = outlook.members().get(told.index()).instance().id();
    return new Choice(id, strategy, told.reason(), outlook.panic(), all);
  }

  private static Candidate candidate(
      Member member, double weight, Optional<Double> score, Optional<String> why, long now) {
    return new Candidate(
        member.instance().id(),
        member.health(now),
        weight,
        member.load().active(),
        rounded(member.load().latencyMs(now)),
        score,
        why);
  }

  private static double rounded(double value) {
    return Math.rint(value * 1000) / 1000;
  }
}
