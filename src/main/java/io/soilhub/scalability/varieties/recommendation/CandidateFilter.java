package io.soilhub.scalability.varieties.recommendation;

import io.soilhub.scalability.varieties.model.Normal;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.Variety;
import io.soilhub.scalability.varieties.trials.Variety.Trait;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Which varieties of a table a recommendation chooses from, and why the others are not among them.
///
/// @param varieties numbers in the table
/// @param excluded count by reason; a variety counts under the first reason that applies
record CandidateFilter(List<Integer> varieties, Map<String, Integer> excluded) {

  private static final int MIN_SITE_YEARS = 4;

  /// Standard deviation of a place's heat units between years: about 160 over 150 days in Ontario.
  private static final double HEAT_SD = 160;

  private static final double LEAST_CHANCE_TO_MATURE = 0.5;

  static CandidateFilter of(TrialTable table, Preferences preferences) {
    int oldest = table.lastYear() - preferences.maxAgeYears();
    Map<String, Integer> excluded = new TreeMap<>();
    List<Integer> kept =
        IntStream.range(0, table.varieties().size())
            .filter(
                v -> {
                  String reason = reason(table, v, oldest, preferences);
                  if (!reason.isEmpty()) {
                    excluded.merge(reason, 1, Integer::sum);
                  }
                  return reason.isEmpty();
                })
            .boxed()
            .toList();
    return new CandidateFilter(kept, excluded);
  }

  private static String reason(TrialTable table, int v, int oldest, Preferences preferences) {
    Variety variety = table.varieties().get(v);
    if (!preferences.includeOlder() && lastYear(table, v) < oldest) {
      return "not_tested_recently";
    }
    if (!preferences.includeExperimental() && table.siteYears(v) < MIN_SITE_YEARS) {
      return "too_few_site_years";
    }
    if (!preferences.maturityGroup().isAny()) {
      OptionalDouble group = variety.trait(Trait.MATURITY_GROUP);
      if (group.isEmpty() || !preferences.maturityGroup().contains(group.getAsDouble())) {
        return "other_maturity_group";
      }
    }
    return chanceToMature(variety, preferences.heatUnits()).orElse(1) < LEAST_CHANCE_TO_MATURE
        ? "unlikely_to_mature"
        : "";
  }

  private static int lastYear(TrialTable table, int variety) {
    return table.rowsOf(variety).map(row -> table.environment(row).year()).max().orElseThrow();
  }

  /// Probability that the heat units of a season at the place reach what the variety needs.
  ///
  /// @param supply mean heat units of the place
  /// @return empty when either is unknown
  static OptionalDouble chanceToMature(Variety variety, OptionalDouble supply) {
    OptionalDouble demand = variety.trait(Trait.HEAT_UNITS);
    return supply.isPresent() && demand.isPresent()
        ? OptionalDouble.of(Normal.below((supply.getAsDouble() - demand.getAsDouble()) / HEAT_SD))
        : OptionalDouble.empty();
  }
}
