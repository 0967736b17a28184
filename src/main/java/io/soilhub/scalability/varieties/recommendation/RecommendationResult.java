package io.soilhub.scalability.varieties.recommendation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.soilhub.scalability.varieties.model.Normal;
import io.soilhub.scalability.varieties.model.Prediction;
import io.soilhub.scalability.varieties.recommendation.Preferences.YieldPriority;
import io.soilhub.scalability.varieties.trials.DataSet;
import io.soilhub.scalability.varieties.trials.Environment;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// The answer to a [RecommendationRequest], in the form of the API: a job's `result`. Yields are in
/// the unit of the data set.
///
/// @param synthetic whether made-up trials were used
/// @param riskFlags those that concern the place, the field or the data rather than one variety
/// @param excluded number of varieties left out, by reason
public record RecommendationResult(
    String cropId,
    Requested location,
    List<Recommendation> recommendations,
    boolean synthetic,
    List<RiskFlag> riskFlags,
    List<String> fieldNotes,
    LocationContext locationContext,
    int candidatesConsidered,
    Map<String, Integer> excluded,
    Model model,
    List<DataSource> dataSources,
    String disclaimer,
    Instant generatedAt) {

  public record Requested(double latitude, double longitude) {}

  /// @param overallScore 100 times the share of the other candidates that it beats in a future
  ///   trial
  /// @param beatsShare mean chance to yield more than another candidate in one future trial
  /// @param leadersChance chance that the first is truly better here; empty for the first itself
  /// @param chanceToMature only when heat units are known of both the place and the variety
  /// @param rankByPriority the rank that it would have under each yield priority
  public record Recommendation(
      int rank,
      String varietyId,
      String varietyName,
      String company,
      double overallScore,
      String suitability,
      ExpectedYield expectedYield,
      Advantage advantage,
      double beatsShare,
      boolean tiedWithTop,
      OptionalDouble leadersChance,
      OptionalDouble chanceToMature,
      String confidenceLevel,
      List<String> confidenceReasons,
      Evidence evidence,
      ScoreBreakdown scoreBreakdown,
      Map<String, Integer> rankByPriority,
      List<String> reasons,
      List<RiskFlag> riskFlags) {}

  /// Words for the share: a calibrated chance above .7 is rare, so school marks would mislead.
  static String suitability(double share) {
    if (share >= 0.7) {
      return "strong";
    }
    return share >= 0.6 ? "good" : share >= 0.5 ? "neutral" : "weak";
  }

  /// A season's yield with the central 80 % range, which holds the spread between seasons and
  /// fields.
  public record ExpectedYield(double value, double low, double high, String unit) {

    static ExpectedYield of(RecommendationContext context, Prediction prediction) {
      double value = context.level().value() + prediction.advantage();
      double sd = context.level().sd(prediction, context.set().model().futureTrialVariance());
      return new ExpectedYield(
          Rounding.rounded(value, 2),
          Rounding.rounded(Math.max(0, value - Normal.CENTRAL_80 * sd), 2),
          Rounding.rounded(value + Normal.CENTRAL_80 * sd, 2),
          context.unit());
    }
  }

  public record Advantage(double value, double sd, String unit, String versus) {

    /// The sum of the rounded parts, so that the breakdown adds up as shown.
    static Advantage of(RecommendationContext context, Prediction prediction) {
      ScoreBreakdown parts = ScoreBreakdown.of(prediction);
      return new Advantage(
          Rounding.rounded(parts.broadAdaptation() + parts.localAdaptation(), 4),
          Rounding.rounded(prediction.sd(), 4),
          context.unit(),
          "the average variety of the data set, in the same trials");
    }
  }

  /// Parts that add up to the advantage.
  public record ScoreBreakdown(double broadAdaptation, double localAdaptation) {

    static ScoreBreakdown of(Prediction prediction) {
      return new ScoreBreakdown(
          Rounding.rounded(prediction.broad(), 4), Rounding.rounded(prediction.local(), 4));
    }
  }

  public record LocationContext(
      @JsonInclude(JsonInclude.Include.ALWAYS) OptionalDouble nearestKm,
      List<NearTrial> nearestTrials,
      LocalLevel localYieldLevel) {

    private static final int SHOWN = 5;

    static LocationContext of(RecommendationContext context) {
      double[] distances = context.distances();
      List<NearTrial> nearest =
          IntStream.range(0, distances.length)
              .filter(site -> !Double.isNaN(distances[site]))
              .boxed()
              .sorted(Comparator.comparingDouble(site -> distances[site]))
              .limit(SHOWN)
              .map(site -> NearTrial.of(context.set().table(), site, distances[site]))
              .toList();
      return new LocationContext(
          nearest.isEmpty()
              ? OptionalDouble.empty()
              : OptionalDouble.of(Rounding.rounded(context.nearestKm(), 1)),
          nearest,
          LocalLevel.of(context.level(), context.unit()));
    }
  }

  public record NearTrial(String location, double km, int siteYears, int lastYear) {

    private static NearTrial of(TrialTable table, int site, double km) {
      int[] years =
          table.environments().stream()
              .filter(environment -> environment.site() == site)
              .mapToInt(Environment::year)
              .toArray();
      return new NearTrial(
          table.sites().get(site).location(),
          Rounding.rounded(km, 1),
          years.length,
          IntStream.of(years).max().orElseThrow());
    }
  }

  public record LocalLevel(
      double value, double spread, String unit, String basis, int firstYear, int lastYear) {

    private static LocalLevel of(LocalYield level, String unit) {
      return new LocalLevel(
          Rounding.rounded(level.value(), 2),
          Rounding.rounded(level.spread(), 2),
          unit,
          level.basis(),
          level.firstYear(),
          level.lastYear());
    }
  }

  /// The constants behind the answer; `length_km` 0 means that there is no local part.
  public record Model(
      double vg,
      double vl,
      double vy,
      double ve,
      double lengthKm,
      String fitted,
      String yieldPriority,
      double standardDeviationsTakenOff) {

    static Model of(DataSet data, YieldPriority priority) {
      VarianceComponents varianceComponents = data.constants();
      return new Model(
          varianceComponents.vg(),
          varianceComponents.vl(),
          varianceComponents.vy(),
          varianceComponents.ve(),
          varianceComponents.lengthKm(),
          data.constantsFitted(),
          priority.text(),
          priority.caution());
    }
  }

  public record DataSource(
      String datasetId,
      String name,
      String source,
      String licence,
      String sha256,
      int rows,
      String years,
      boolean synthetic) {

    static DataSource of(DataSet data) {
      return new DataSource(
          data.id(),
          data.name(),
          data.source(),
          data.licence(),
          data.sha256(),
          data.table().rows(),
          data.table().firstYear() + "-" + data.table().lastYear(),
          data.synthetic());
    }
  }
}
