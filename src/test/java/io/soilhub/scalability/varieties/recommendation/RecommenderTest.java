package io.soilhub.scalability.varieties.recommendation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import io.soilhub.scalability.varieties.trials.Variety.Trait;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecommenderTest {

  private static final Recommender RECOMMENDER =
      new Recommender(Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC));

  @Test
  void ranksByYieldAndAddsUp() {
    RecommendationResult recommendationResult = ask(Tables.threeVarieties().set("corn"), "");

    assertThat(recommendationResult.recommendations())
        .extracting(RecommendationResult.Recommendation::varietyName)
        .containsExactly("good", "middling", "poor");
    assertThat(recommendationResult.candidatesConsidered()).isEqualTo(3);
    assertThat(recommendationResult.recommendations())
        .allSatisfy(
            one -> {
              RecommendationResult.ScoreBreakdown parts = one.scoreBreakdown();
              assertThat(parts.broadAdaptation() + parts.localAdaptation())
                  .isCloseTo(one.advantage().value(), within(1e-9));
              assertThat(one.overallScore()).isCloseTo(100 * one.beatsShare(), within(0.051));
              assertThat(one.expectedYield().low()).isLessThan(one.expectedYield().value());
              assertThat(one.expectedYield().high()).isGreaterThan(one.expectedYield().value());
              assertThat(one.expectedYield().unit()).isEqualTo("bu/ac");
            });
    assertThat(recommendationResult.locationContext().nearestTrials().getFirst().km()).isZero();
    assertThat(recommendationResult.riskFlags()).isEmpty();
    assertThat(recommendationResult.synthetic()).isFalse();
    assertThat(recommendationResult.dataSources().getFirst().years()).isEqualTo("2021-2025");
    assertThat(recommendationResult.generatedAt()).isEqualTo("2026-06-01T00:00:00Z");
  }

  @Test
  void cautionMovesTheSurerVarietyUpAndSaysSo() {
    Tables tables =
        Tables.threeVarieties()
            .yields("untried", "home", 2024, 141)
            .constants(new VarianceComponents(60, 0, 0, 60, 0));
    RecommendationResult high =
        ask(tables.set("corn"), prefs("'yield_priority':'high','include_experimental':true"));
    RecommendationResult low =
        ask(tables.set("corn"), prefs("'yield_priority':'low','include_experimental':true"));

    assertThat(high.model().standardDeviationsTakenOff()).isZero();
    assertThat(low.model().standardDeviationsTakenOff()).isEqualTo(1);
    RecommendationResult.Recommendation untriedHigh = find(high, "untried");
    RecommendationResult.Recommendation untriedLow = find(low, "untried");
    assertThat(untriedLow.rank()).isGreaterThan(untriedHigh.rank());
    assertThat(untriedHigh.rankByPriority()).isEqualTo(untriedLow.rankByPriority());
    assertThat(untriedLow.rankByPriority()).containsEntry("low", untriedLow.rank());
    assertThat(untriedHigh.reasons()).anyMatch(reason -> reason.contains("yield priority"));
  }

  @Test
  void aLeadThatIsNotSureIsATie() {
    Tables tables =
        new Tables()
            .site("home", Tables.HOME)
            .yields("first", "home", 2021, 111, 112, 110, 111)
            .yields("second", "home", 2021, 110, 111, 110, 110)
            .yields("last", "home", 2021, 60, 61, 60, 62);
    RecommendationResult recommendationResult = ask(tables.set("corn"), "");

    assertThat(recommendationResult.recommendations())
        .extracting(RecommendationResult.Recommendation::tiedWithTop)
        .containsExactly(true, true, false);
    assertThat(flags(recommendationResult, "second")).contains(RiskFlag.TIED_WITH_TOP);
    assertThat(flags(recommendationResult, "first")).doesNotContain(RiskFlag.TIED_WITH_TOP);
    assertThat(find(recommendationResult, "last").leadersChance().orElseThrow())
        .isGreaterThan(0.75);
  }

  @Test
  void distanceIsFlaggedFromThreeHundredKmAndStopsTheLocalPartAtFiveHundred() {
    FittedDataSet set = Tables.threeVarieties().set("corn");
    RecommendationResult near = askAt(set, new GeoPoint(42 + 250 / 111.2, -90));
    RecommendationResult far = askAt(set, new GeoPoint(42 + 400 / 111.2, -90));
    RecommendationResult beyond = askAt(set, new GeoPoint(42 + 600 / 111.2, -90));

    assertThat(near.riskFlags()).isEmpty();
    assertThat(far.riskFlags()).containsExactly(RiskFlag.EXTRAPOLATED_LOCATION);
    assertThat(far.recommendations().getFirst().confidenceLevel()).isEqualTo("low");
    assertThat(beyond.riskFlags())
        .containsExactly(RiskFlag.EXTRAPOLATED_LOCATION, RiskFlag.GENERAL_ADAPTATION_ONLY);
    assertThat(beyond.fieldNotes()).anyMatch(note -> note.contains("600 km away"));
    assertThat(beyond.recommendations())
        .allSatisfy(
            one -> {
              assertThat(one.scoreBreakdown().localAdaptation()).isZero();
              assertThat(one.riskFlags()).contains(RiskFlag.GENERAL_ADAPTATION_ONLY);
            });
    assertThat(beyond.locationContext().localYieldLevel().basis()).contains("not this place");
  }

  @Test
  void beyondReachWithoutABroadPartNobodyIsPreferred() {
    FittedDataSet set =
        Tables.threeVarieties().constants(new VarianceComponents(0, 50, 10, 60, 200)).set("corn");
    RecommendationResult recommendationResult = askAt(set, new GeoPoint(52, -90));

    assertThat(recommendationResult.recommendations())
        .allSatisfy(
            one -> {
              assertThat(one.advantage().value()).isZero();
              assertThat(one.beatsShare()).isEqualTo(0.5);
              assertThat(one.tiedWithTop()).isTrue();
            });
    assertThat(recommendationResult.fieldNotes())
        .anyMatch(note -> note.contains("none is preferred"));
  }

  @Test
  void trialsOfUnknownPlaceGiveTheGeneralRanking() {
    FittedDataSet set =
        new Tables()
            .yields("good", "BH93", 2021, 120, 125, 118, 130)
            .yields("poor", "BH93", 2021, 100, 105, 98, 110)
            .set("corn");
    RecommendationResult recommendationResult = ask(set, "");

    assertThat(recommendationResult.recommendations().getFirst().varietyName()).isEqualTo("good");
    assertThat(recommendationResult.riskFlags()).contains(RiskFlag.GENERAL_ADAPTATION_ONLY);
    assertThat(recommendationResult.locationContext().nearestKm()).isEmpty();
    assertThat(recommendationResult.locationContext().nearestTrials()).isEmpty();
    assertThat(recommendationResult.recommendations().getFirst().evidence().nearestKm()).isEmpty();
    assertThat(recommendationResult.fieldNotes())
        .anyMatch(note -> note.contains("places of these trials"));
  }

  @Test
  void whenOnlyOldTrialsHaveAKnownPlaceTheLevelIsThatOfAllNewerOnes() {
    FittedDataSet set =
        new Tables()
            .site("home", Tables.HOME)
            .yields("good", "home", 2000, 50, 50)
            .yields("good", "coded", 2021, 120, 125, 118, 130)
            .set("corn");
    RecommendationResult recommendationResult = ask(set, "");

    assertThat(recommendationResult.locationContext().localYieldLevel().value())
        .isBetween(115.0, 130.0);
    assertThat(recommendationResult.locationContext().localYieldLevel().basis())
        .contains("not this place");
  }

  @Test
  void confidenceFollowsTheSiteYearsAndTheDistance() {
    Tables tables = new Tables().site("home", Tables.HOME).site("next", new GeoPoint(42.2, -90.2));
    double[] fifteen = {100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114};
    tables.yields("much", "home", 2011, fifteen);
    tables.yields("some", "home", 2018, 100, 101, 102, 103, 104, 105, 106, 107);
    tables.yields("little", "home", 2020, 100, 101, 102, 103);
    tables.yields("once", "home", 2025, 100).yields("once", "next", 2025, 101);
    RecommendationResult recommendationResult =
        ask(tables.set("corn"), prefs("'include_experimental':true"));

    assertThat(find(recommendationResult, "much").confidenceLevel()).isEqualTo("high");
    assertThat(find(recommendationResult, "some").confidenceLevel()).isEqualTo("medium");
    assertThat(find(recommendationResult, "little").confidenceLevel()).isEqualTo("low");
    assertThat(flags(recommendationResult, "little")).contains(RiskFlag.FEW_TRIALS);
    assertThat(flags(recommendationResult, "some"))
        .doesNotContain(RiskFlag.FEW_TRIALS, RiskFlag.OLD_DATA);
    assertThat(flags(recommendationResult, "once")).contains(RiskFlag.SINGLE_YEAR);
    assertThat(find(recommendationResult, "once").evidence())
        .satisfies(
            evidence -> {
              assertThat(evidence.siteYears()).isEqualTo(2);
              assertThat(evidence.years()).isEqualTo(1);
              assertThat(evidence.locations()).isEqualTo(2);
              assertThat(evidence.firstYear()).isEqualTo(2025);
              assertThat(evidence.lastYear()).isEqualTo(2025);
            });
    assertThat(flags(recommendationResult, "much")).contains(RiskFlag.NOT_FOR_SALE_UNVERIFIED);
  }

  @Test
  void oldAndLittleTestedVarietiesAreLeftOutAndCounted() {
    Tables tables =
        Tables.threeVarieties()
            .yields("old", "home", 2010, 140, 141, 142, 143)
            .yields("new", "home", 2025, 140);
    FittedDataSet set = tables.set("corn");
    RecommendationResult plain = ask(set, "");
    RecommendationResult all = ask(set, prefs("'include_older':true,'include_experimental':true"));

    assertThat(plain.candidatesConsidered()).isEqualTo(3);
    assertThat(plain.excluded())
        .isEqualTo(Map.of("not_tested_recently", 1, "too_few_site_years", 1));
    assertThat(all.candidatesConsidered()).isEqualTo(5);
    assertThat(all.excluded()).isEmpty();
    assertThat(flags(all, "old")).contains(RiskFlag.OLD_DATA);
  }

  @Test
  void heatUnitsCountOnlyWhenTheyAreGiven() {
    Tables tables =
        Tables.threeVarieties()
            .variety("early", Map.of(Trait.HEAT_UNITS, 2_700.0))
            .variety("late", Map.of(Trait.HEAT_UNITS, 2_980.0))
            .variety("hopeless", Map.of(Trait.HEAT_UNITS, 3_400.0))
            .yields("early", "home", 2021, 110, 112, 110, 120, 111)
            .yields("late", "home", 2021, 118, 120, 112, 125, 117)
            .yields("hopeless", "home", 2021, 128, 130, 122, 135, 127);
    FittedDataSet set = tables.set("corn");
    RecommendationResult without = ask(set, prefs("'top_n':10"));
    RecommendationResult with = ask(set, prefs("'top_n':10,'heat_units':3000"));

    assertThat(without.recommendations()).hasSize(6);
    assertThat(flags(without, "good")).doesNotContain(RiskFlag.MATURITY_UNKNOWN);
    assertThat(with.excluded()).isEqualTo(Map.of("unlikely_to_mature", 1));
    assertThat(flags(with, "early")).doesNotContain(RiskFlag.HEAT_SHORT);
    assertThat(flags(with, "late")).contains(RiskFlag.HEAT_SHORT);
    assertThat(flags(with, "good")).contains(RiskFlag.MATURITY_UNKNOWN);
    assertThat(find(with, "early").chanceToMature().orElseThrow()).isCloseTo(0.9696, within(1e-3));
  }

  @Test
  void soilGivesNotesAndFlagsAndNeverMovesAVariety() {
    FittedDataSet set = Tables.threeVarieties().set("winter_wheat");
    RecommendationResult plain = ask(set, "");
    RecommendationResult acid = ask(set, ",'soil_data':{'ph':4.9,'organic_matter':3.2}");
    RecommendationResult alkaline = ask(set, ",'soil_data':{'ph':8}");
    RecommendationResult fine = ask(set, ",'soil_data':{'ph':5.8,'texture':'fine'}");

    assertThat(acid.riskFlags()).containsExactly(RiskFlag.PH_BELOW_LIMING_THRESHOLD);
    assertThat(acid.fieldNotes())
        .anyMatch(note -> note.contains("below 6.1") && note.contains("losses in any crop"))
        .anyMatch(note -> note.contains("Organic matter 3.2"));
    assertThat(alkaline.riskFlags()).containsExactly(RiskFlag.PH_HIGH);
    assertThat(fine.riskFlags()).isEmpty();
    for (RecommendationResult recommendationResult : List.of(acid, alkaline, fine)) {
      assertThat(recommendationResult.recommendations()).isEqualTo(plain.recommendations());
    }
  }

  @Test
  void madeUpTrialsAreSaidInEveryPart() {
    RecommendationResult recommendationResult =
        ask(Tables.threeVarieties().synthetic().set("corn"), "");

    assertThat(recommendationResult.synthetic()).isTrue();
    assertThat(recommendationResult.riskFlags()).contains(RiskFlag.DEMONSTRATION_DATA);
    assertThat(recommendationResult.recommendations())
        .allSatisfy(one -> assertThat(one.riskFlags()).contains(RiskFlag.DEMONSTRATION_DATA));
    assertThat(recommendationResult.dataSources().getFirst().synthetic()).isTrue();
  }

  @Test
  void whenNothingMeetsThePreferencesTheAnswerIsEmptyAndSaysWhy() {
    RecommendationResult recommendationResult =
        ask(Tables.threeVarieties().set("corn"), prefs("'maturity_group':{'min':1,'max':2}"));

    assertThat(recommendationResult.recommendations()).isEmpty();
    assertThat(recommendationResult.excluded()).isEqualTo(Map.of("other_maturity_group", 3));
    assertThat(recommendationResult.fieldNotes()).anyMatch(note -> note.contains("No variety"));
  }

  @Test
  void theAnswerIsJsonWithTheNamesOfTheApi() {
    JsonNode json = Json.tree(ask(Tables.threeVarieties().set("corn"), ""));

    assertThat(json.at("/recommendations/0/beats_share").isNumber()).isTrue();
    assertThat(json.at("/recommendations/0/confidence_level").asText()).isEqualTo("low");
    assertThat(json.at("/recommendations/0/evidence/nearest_km").asDouble()).isZero();
    assertThat(json.at("/recommendations/0/score_breakdown/broad_adaptation").isNumber()).isTrue();
    assertThat(json.at("/location_context/local_yield_level/value").isNumber()).isTrue();
    assertThat(json.at("/data_sources/0/sha256").asText()).hasSize(64);
    assertThat(json.at("/model/length_km").asDouble()).isEqualTo(200);
    assertThat(json.has("disclaimer")).isTrue();
  }

  private static RecommendationResult ask(FittedDataSet set, String more) {
    return RECOMMENDER.advise(
        set,
        RecommendationRequestTest.recommendationRequest("'latitude':42,'longitude':-90" + more));
  }

  private static RecommendationResult askAt(FittedDataSet set, GeoPoint place) {
    return RECOMMENDER.advise(
        set,
        RecommendationRequestTest.recommendationRequest(
            "'latitude':%s,'longitude':%s".formatted(place.latitude(), place.longitude())));
  }

  private static String prefs(String members) {
    return ",'preferences':{%s}".formatted(members);
  }

  private static RecommendationResult.Recommendation find(
      RecommendationResult recommendationResult, String name) {
    return recommendationResult.recommendations().stream()
        .filter(one -> one.varietyName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<RiskFlag> flags(RecommendationResult recommendationResult, String name) {
    return find(recommendationResult, name).riskFlags();
  }
}
