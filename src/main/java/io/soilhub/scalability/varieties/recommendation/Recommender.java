package io.soilhub.scalability.varieties.recommendation;

import io.soilhub.scalability.varieties.model.Prediction;
import io.soilhub.scalability.varieties.model.WinProbability;
import io.soilhub.scalability.varieties.recommendation.Preferences.YieldPriority;
import io.soilhub.scalability.varieties.trials.Variety;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Answers a question from one data set: a pure function of the set, the question and the time.
///
/// The ranking is by advantage less a part of its standard deviation; the score is the calibrated
/// chance to beat the other candidates and is not what is ranked by, so that caution cannot inflate
/// it.
public final class Recommender {

  /// Varieties are told apart from the first only above it.
  private static final double TOLD_APART = 0.75;

  private final Clock clock;

  public Recommender(Clock clock) {
    this.clock = clock;
  }

  public RecommendationResult advise(
      FittedDataSet set, RecommendationRequest recommendationRequest) {
    RecommendationContext context = RecommendationContext.of(set, recommendationRequest);
    CandidateFilter candidateFilter =
        CandidateFilter.of(set.table(), recommendationRequest.preferences());
    List<ScoredVariety> standings = standings(context, candidateFilter.varieties());
    return new RecommendationResult(
        set.data().cropId(),
        new RecommendationResult.Requested(
            recommendationRequest.place().latitude(), recommendationRequest.place().longitude()),
        recommendations(context, standings),
        set.data().synthetic(),
        Warnings.ofPlace(context),
        Warnings.notes(context, candidateFilter.varieties().size()),
        RecommendationResult.LocationContext.of(context),
        candidateFilter.varieties().size(),
        candidateFilter.excluded(),
        RecommendationResult.Model.of(
            set.data(), recommendationRequest.preferences().yieldPriority()),
        List.of(RecommendationResult.DataSource.of(set.data())),
        Warnings.DISCLAIMER,
        clock.instant());
  }

  private static List<ScoredVariety> standings(
      RecommendationContext context, List<Integer> varieties) {
    List<Prediction> all =
        context.generalOnly()
            ? context.set().model().predictAnywhere()
            : context.set().model().predictAt(context.question().place());
    List<Prediction> candidates = varieties.stream().map(all::get).toList();
    double[] shares = WinProbability.of(candidates, context.set().model().futureTrialVariance());
    return IntStream.range(0, candidates.size())
        .mapToObj(i -> new ScoredVariety(varieties.get(i), candidates.get(i), shares[i]))
        .toList();
  }

  /// Standings by falling utility; equal ones by evidence, then by the order of the table.
  private static List<ScoredVariety> ranked(
      RecommendationContext context, List<ScoredVariety> standings, YieldPriority priority) {
    return standings.stream()
        .sorted(
            Comparator.comparingDouble((ScoredVariety s) -> -s.utility(priority))
                .thenComparingInt(s -> -context.set().table().siteYears(s.variety()))
                .thenComparingInt(ScoredVariety::variety))
        .toList();
  }

  private List<RecommendationResult.Recommendation> recommendations(
      RecommendationContext context, List<ScoredVariety> standings) {
    Map<YieldPriority, List<ScoredVariety>> rankings = new EnumMap<>(YieldPriority.class);
    for (YieldPriority priority : YieldPriority.values()) {
      rankings.put(priority, ranked(context, standings, priority));
    }
    Preferences preferences = context.question().preferences();
    List<ScoredVariety> ranking = rankings.get(preferences.yieldPriority());
    int count = Math.min(preferences.topN(), ranking.size());
    List<RecommendationResult.Recommendation> recommendations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ScoredVariety scoredVariety = ranking.get(i);
      Map<String, Integer> ranks = new TreeMap<>();
      rankings.forEach(
          (priority, order) -> ranks.put(priority.text(), order.indexOf(scoredVariety) + 1));
      recommendations.add(recommendation(context, i + 1, scoredVariety, ranking.getFirst(), ranks));
    }
    return recommendations;
  }

  private RecommendationResult.Recommendation recommendation(
      RecommendationContext context,
      int rank,
      ScoredVariety scoredVariety,
      ScoredVariety leader,
      Map<String, Integer> ranks) {
    Variety variety = context.set().table().varieties().get(scoredVariety.variety());
    Evidence evidence =
        Evidence.of(context.set().table(), scoredVariety.variety(), context.distances());
    Confidence confidence = Confidence.of(evidence, context.nearestKm());
    double leadersChance = WinProbability.beats(leader.prediction(), scoredVariety.prediction(), 0);
    boolean tied = rank > 1 && leadersChance < TOLD_APART;
    OptionalDouble mature =
        CandidateFilter.chanceToMature(variety, context.question().preferences().heatUnits());
    int year = clock.instant().atZone(clock.getZone()).getYear();
    return new RecommendationResult.Recommendation(
        rank,
        variety.id(),
        variety.name(),
        variety.company(),
        Rounding.rounded(100 * scoredVariety.beatsShare(), 1),
        RecommendationResult.suitability(scoredVariety.beatsShare()),
        RecommendationResult.ExpectedYield.of(context, scoredVariety.prediction()),
        RecommendationResult.Advantage.of(context, scoredVariety.prediction()),
        Rounding.rounded(scoredVariety.beatsShare(), 4),
        rank == 1 || tied,
        rank == 1 ? OptionalDouble.empty() : OptionalDouble.of(Rounding.rounded(leadersChance, 4)),
        mature,
        confidence.level().text(),
        confidence.reasons(),
        evidence,
        RecommendationResult.ScoreBreakdown.of(scoredVariety.prediction()),
        ranks,
        Warnings.reasons(context, scoredVariety, evidence, ranks),
        Warnings.ofVariety(context, evidence, mature, tied, year));
  }
}
