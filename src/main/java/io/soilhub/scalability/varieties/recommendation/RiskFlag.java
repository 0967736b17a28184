package io.soilhub.scalability.varieties.recommendation;

/// What a reader of a recommendation has to be warned of.
public enum RiskFlag {
  /// The trials were made up by a generator.
  DEMONSTRATION_DATA,
  /// No trial of the crop within 300 km.
  EXTRAPOLATED_LOCATION,
  /// No trial of the crop within 500 km, or the trials' places are unknown: the ranking is the
  /// general one and says nothing of the place.
  GENERAL_ADAPTATION_ONLY,
  /// Fewer than eight site-years.
  FEW_TRIALS,
  SINGLE_YEAR,
  /// Last tested more than three years ago.
  OLD_DATA,
  PH_BELOW_LIMING_THRESHOLD,
  PH_HIGH,
  /// Heat units were given, but not those that the variety needs.
  MATURITY_UNKNOWN,
  /// The chance to mature is below 90 %.
  HEAT_SHORT,
  /// Not told apart from the first with 75 % certainty.
  TIED_WITH_TOP,
  /// No table of trials says whether seed is for sale.
  NOT_FOR_SALE_UNVERIFIED
}
