package io.soilhub.scalability.varieties.recommendation;

import io.soilhub.scalability.platform.http.JsonObjectReader;
import io.soilhub.scalability.platform.http.Range;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// What the grower wants.
///
/// @param topN how many varieties to give, 1 to 50
/// @param maxAgeYears varieties last tested longer before the newest trial are left out
/// @param includeOlder takes them nevertheless
/// @param includeExperimental takes varieties with fewer than four site-years
/// @param heatUnits crop heat units of the place; maturity is judged only when they are given
/// @param datasetId the data set to answer from, instead of the one with the nearest trial
public record Preferences(
    YieldPriority yieldPriority,
    int topN,
    int maxAgeYears,
    boolean includeOlder,
    boolean includeExperimental,
    Range maturityGroup,
    OptionalDouble heatUnits,
    Optional<String> datasetId) {

  static final Preferences DEFAULT =
      new Preferences(
          YieldPriority.MEDIUM,
          5,
          5,
          false,
          false,
          Range.ANY,
          OptionalDouble.empty(),
          Optional.empty());

  /// How much yield counts against certainty of it: how many posterior standard deviations are
  /// taken off the advantage before ranking.
  public enum YieldPriority {
    HIGH(0),
    MEDIUM(0.5),
    LOW(1);

    private final double caution;

    YieldPriority(double caution) {
      this.caution = caution;
    }

    double caution() {
      return caution;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Preferences of(JsonObjectReader members) {
    Preferences preferences =
        new Preferences(
            members.choice("yield_priority", YieldPriority.class).orElse(DEFAULT.yieldPriority()),
            members.integer("top_n", DEFAULT.topN(), 1, 50),
            members.integer("max_age_years", DEFAULT.maxAgeYears(), 0, 100),
            members.flag("include_older", false),
            members.flag("include_experimental", false),
            members.range("maturity_group"),
            members.number("heat_units", 0, 10_000),
            members.text("dataset_id"));
    members.refuseOthers();
    return preferences;
  }
}
