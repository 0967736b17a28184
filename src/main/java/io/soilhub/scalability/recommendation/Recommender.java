package io.soilhub.scalability.recommendation;

import io.soilhub.scalability.prediction.BeatShares;
import io.soilhub.scalability.prediction.Prediction;
import io.soilhub.scalability.recommendation.Preferences.YieldPriority;
import io.soilhub.scalability.trials.Variety;
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

  public Advice advise(LoadedSet set, Question question) {
    Setting setting = Setting.of(set, question);
    Candidates candidates = Candidates.of(set.table(), question.preferences());
    List<Standing> standings = standings(setting, candidates.varieties());
    return new Advice(
        set.data().cropId(),
        new Advice.Requested(question.place().latitude(), question.place().longitude()),
        recommendations(setting, standings),
        set.data().synthetic(),
        Warnings.ofPlace(setting),
        Warnings.notes(setting, candidates.varieties().size()),
        Advice.LocationContext.of(setting),
        candidates.varieties().size(),
        candidates.excluded(),
        Advice.Model.of(set.data(), question.preferences().yieldPriority()),
        List.of(Advice.DataSource.of(set.data())),
        Warnings.DISCLAIMER,
        clock.instant());
  }

  private static List<Standing> standings(Setting setting, List<Integer> varieties) {
    List<Prediction> all =
        setting.generalOnly()
            ? setting.set().model().predictAnywhere()
            : setting.set().model().predictAt(setting.question().place());
    List<Prediction> candidates = varieties.stream().map(all::get).toList();
    double[] shares = BeatShares.of(candidates, setting.set().model().futureTrialVariance());
    return IntStream.range(0, candidates.size())
        .mapToObj(i -> new Standing(varieties.get(i), candidates.get(i), shares[i]))
        .toList();
  }

  /// Standings by falling utility; equal ones by evidence, then by the order of the table.
  private static List<Standing> ranked(
      Setting setting, List<Standing> standings, YieldPriority priority) {
    return standings.stream()
        .sorted(
            Comparator.comparingDouble((Standing s) -> -s.utility(priority))
                .thenComparingInt(s -> -setting.set().table().siteYears(s.variety()))
                .thenComparingInt(Standing::variety))
        .toList();
  }

  private List<Advice.Recommendation> recommendations(Setting setting, List<Standing> standings) {
    Map<YieldPriority, List<Standing>> rankings = new EnumMap<>(YieldPriority.class);
    for (YieldPriority priority : YieldPriority.values()) {
      rankings.put(priority, ranked(setting, standings, priority));
    }
    Preferences preferences = setting.question().preferences();
    List<Standing> ranking = rankings.get(preferences.yieldPriority());
    int count = Math.min(preferences.topN(), ranking.size());
    List<Advice.Recommendation> recommendations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Standing standing = ranking.get(i);
      Map<String, Integer> ranks = new TreeMap<>();
      rankings.forEach(
          (priority, order) -> ranks.put(priority.text(), order.indexOf(standing) + 1));
      recommendations.add(recommendation(setting, i + 1, standing, ranking.getFirst(), ranks));
    }
    return recommendations;
  }

  private Advice.Recommendation recommendation(
      Setting setting, int rank, Standing standing, Standing leader, Map<String, Integer> ranks) {
    Variety variety = setting.set().table().varieties().get(standing.variety());
    Evidence evidence = Evidence.of(setting.set().table(), standing.variety(), setting.distances());
    Confidence confidence = Confidence.of(evidence, setting.nearestKm());
    double leadersChance = BeatShares.beats(leader.prediction(), standing.prediction(), 0);
    boolean tied = rank > 1 && leadersChance < TOLD_APART;
    OptionalDouble mature =
        Candidates.chanceToMature(variety, setting.question().preferences().heatUnits());
    int year = clock.instant().atZone(clock.getZone()).getYear();
    return new Advice.Recommendation(
        rank,
        variety.id(),
        variety.name(),
        variety.company(),
        Figures.rounded(100 * standing.beatsShare(), 1),
        Advice.suitability(standing.beatsShare()),
        Advice.ExpectedYield.of(setting, standing.prediction()),
        Advice.Advantage.of(setting, standing.prediction()),
        Figures.rounded(standing.beatsShare(), 4),
        rank == 1 || tied,
        rank == 1 ? OptionalDouble.empty() : OptionalDouble.of(Figures.rounded(leadersChance, 4)),
        mature,
        confidence.level().text(),
        confidence.reasons(),
        evidence,
        Advice.ScoreBreakdown.of(standing.prediction()),
        ranks,
        Warnings.reasons(setting, standing, evidence, ranks),
        Warnings.ofVariety(setting, evidence, mature, tied, year));
  }
}
