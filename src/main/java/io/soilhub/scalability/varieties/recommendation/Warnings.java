package io.soilhub.scalability.varieties.recommendation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// The flags of an answer and its sentences for people.
final class Warnings {

  static final String DISCLAIMER =
      "Trials of past seasons. Disease, lodging, quality, price and seed supply are not in them; "
          + "plant more than one variety, and ask an adviser who knows the field.";

  private static final double SAFE_CHANCE_TO_MATURE = 0.9;
  private static final int FEW_SITE_YEARS = 8;
  private static final int OLD_YEARS = 3;

  private Warnings() {}

  /// Flags of the data and the place, which hold for every variety, and of the field.
  static List<RiskFlag> ofPlace(RecommendationContext context) {
    List<RiskFlag> flags = ofDataAndDistance(context);
    flags.addAll(context.question().soil().flags(context.set().data().cropId()));
    return flags;
  }

  private static List<RiskFlag> ofDataAndDistance(RecommendationContext context) {
    List<RiskFlag> flags = new ArrayList<>();
    if (context.set().data().synthetic()) {
      flags.add(RiskFlag.DEMONSTRATION_DATA);
    }
    if (context.nearestKm() > Confidence.FAR_KM) {
      flags.add(RiskFlag.EXTRAPOLATED_LOCATION);
    }
    if (context.generalOnly()) {
      flags.add(RiskFlag.GENERAL_ADAPTATION_ONLY);
    }
    return flags;
  }

  /// Flags of one variety, with those of the data and the place. Soil is not among them: it does
  /// not tell varieties apart.
  static List<RiskFlag> ofVariety(
      RecommendationContext context,
      Evidence evidence,
      OptionalDouble chanceToMature,
      boolean tied,
      int year) {
    List<RiskFlag> flags = ofDataAndDistance(context);
    boolean heatAsked = context.question().preferences().heatUnits().isPresent();
    addIf(flags, evidence.siteYears() < FEW_SITE_YEARS, RiskFlag.FEW_TRIALS);
    addIf(flags, evidence.years() == 1, RiskFlag.SINGLE_YEAR);
    addIf(flags, evidence.lastYear() < year - OLD_YEARS, RiskFlag.OLD_DATA);
    addIf(flags, heatAsked && chanceToMature.isEmpty(), RiskFlag.MATURITY_UNKNOWN);
    addIf(flags, chanceToMature.orElse(1) < SAFE_CHANCE_TO_MATURE, RiskFlag.HEAT_SHORT);
    addIf(flags, tied, RiskFlag.TIED_WITH_TOP);
    flags.add(RiskFlag.NOT_FOR_SALE_UNVERIFIED);
    return flags;
  }

  private static void addIf(List<RiskFlag> flags, boolean holds, RiskFlag flag) {
    if (holds) {
      flags.add(flag);
    }
  }

  static List<String> notes(RecommendationContext context, int candidates) {
    List<String> notes =
        new ArrayList<>(context.question().soil().notes(context.set().data().cropId()));
    String asked = context.question().cropId();
    String used = context.set().data().cropId();
    if (!asked.equals(used)) {
      notes.add("Trials of %s answer the question for %s.".formatted(used, asked));
    }
    if (Double.isInfinite(context.nearestKm())) {
      notes.add("The places of these trials are unknown: the ranking is the general one.");
    } else if (context.generalOnly()) {
      notes.add(
          ("The nearest trial is %d km away, beyond 500 km: the ranking is the general one and "
                  + "says nothing of the place.")
              .formatted(Math.round(context.nearestKm())));
    }
    if (context.generalOnly() && context.set().data().constants().vg() == 0) {
      notes.add(
          "These trials show no difference between varieties that holds everywhere, "
              + "so none is preferred here.");
    }
    if (candidates == 0) {
      notes.add("No variety of the trials meets the preferences; see the excluded ones by reason.");
    }
    return notes;
  }

  static List<String> reasons(
      RecommendationContext context,
      ScoredVariety scoredVariety,
      Evidence evidence,
      Map<String, Integer> ranks) {
    var prediction = scoredVariety.prediction();
    List<String> reasons = new ArrayList<>();
    reasons.add(
        "Expected %s %s %s the average variety of the trials, give or take %s."
            .formatted(
                Rounding.shown(Math.abs(prediction.advantage())),
                context.unit(),
                prediction.advantage() >= 0 ? "above" : "below",
                Rounding.shown(prediction.sd())));
    reasons.add(
        "In one future trial it beats %d %% of the other candidates."
            .formatted(Rounding.percent(scoredVariety.beatsShare())));
    reasons.add(
        "Tested in %d site-years at %d locations, %d to %d."
            .formatted(
                evidence.siteYears(),
                evidence.locations(),
                evidence.firstYear(),
                evidence.lastYear()));
    if (!Collections.max(ranks.values()).equals(Collections.min(ranks.values()))) {
      reasons.add("Its rank depends on the yield priority: " + ranks + ".");
    }
    return reasons;
  }
}
