package io.soilhub.scalability.telemetry.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// Lengths of slots.
enum Resolution {
  MINUTE(ChronoUnit.MINUTES),
  HOUR(ChronoUnit.HOURS),
  DAY(ChronoUnit.DAYS);

  private final ChronoUnit unit;

  Resolution(ChronoUnit unit) {
    this.unit = unit;
  }

  Duration length() {
    return unit.getDuration();
  }

  /// Length of the slots that these are rolled up into.
  Duration next() {
    return values()[Math.min(ordinal() + 1, DAY.ordinal())].length();
  }

  /// The beginning of the slot that an instant lies in, in UTC.
  Instant floor(Instant at) {
    return at.truncatedTo(unit);
  }

  /// The first beginning of a slot that is not before an instant.
  Instant ceiling(Instant at) {
    Instant floor = floor(at);
    return floor.equals(at) ? at : floor.plus(unit.getDuration());
  }

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
