package io.soilhub.scalability.varieties.recommendation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How far a recommendation can be leaned on. The thresholds follow what trial programmes ask of
/// their own tables: 15 to 20 site-years in more than one year, and trials near home.
record Confidence(Level level, List<String> reasons) {

  static final double NEAR_KM = 150;

  /// Beyond it the place counts as extrapolated.
  static final double FAR_KM = 300;

  /// Beyond it trials say nothing of the place.
  static final double LIMIT_KM = 500;

  private static final int MANY_SITE_YEARS = 15;
  private static final int SOME_SITE_YEARS = 8;

  enum Level {
    HIGH,
    MEDIUM,
    LOW;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param nearestKm of any trial of the crop; infinite when unknown
  static Confidence of(Evidence evidence, double nearestKm) {
    List<String> reasons = new ArrayList<>();
    reasons.add(
        "%d site-years (15 and more for high, 8 for medium)".formatted(evidence.siteYears()));
    reasons.add(evidence.years() == 1 ? "one year only" : evidence.years() + " years");
    reasons.add(
        Double.isInfinite(nearestKm)
            ? "the places of the trials are unknown"
            : "nearest trial of the crop %d km away (up to 150 for high, 300 for medium)"
                .formatted(Math.round(nearestKm)));
    return new Confidence(level(evidence, nearestKm), List.copyOf(reasons));
  }

  private static Level level(Evidence evidence, double nearestKm) {
    if (evidence.siteYears() >= MANY_SITE_YEARS && evidence.years() >= 2 && nearestKm <= NEAR_KM) {
      return Level.HIGH;
    }
    return evidence.siteYears() >= SOME_SITE_YEARS && nearestKm <= FAR_KM
        ? Level.MEDIUM
        : Level.LOW;
  }
}
