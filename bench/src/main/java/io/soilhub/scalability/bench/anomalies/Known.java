package io.soilhub.scalability.bench.anomalies;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// Something that is known to have been out of the ordinary.
///
/// @param from when an alarm would be about it
/// @param to exclusive
record Known(String what, Instant from, Instant to) {

  /// Of local times without a zone, as the traces have them.
  static Known of(String what, String from, String to) {
    return new Known(what, instant(from), instant(to));
  }

  private static Instant instant(String text) {
    return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }

  boolean holds(Instant at) {
    return !at.isBefore(from) && at.isBefore(to);
  }
}
