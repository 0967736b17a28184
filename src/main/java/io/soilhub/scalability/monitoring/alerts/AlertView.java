package io.soilhub.scalability.monitoring.alerts;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// An alert as clients see it.
///
/// @param source `rules`, or `alertmanager` for what that told us of
/// @param value as last seen; of our own rules
/// @param mutedBy the silence or the alert because of which it is not told of
/// @param history in the order of time; lists leave it out
public record AlertView(
    UUID id,
    String source,
    String rule,
    String severity,
    AlertState state,
    Map<String, String> labels,
    Optional<Double> value,
    Optional<Double> threshold,
    String message,
    Instant startedAt,
    Optional<Instant> firedAt,
    Optional<Instant> acknowledgedAt,
    Optional<String> acknowledgedBy,
    Optional<Instant> resolvedAt,
    Optional<String> mutedBy,
    Optional<List<Event>> history) {

  /// @param by who did it; empty for the evaluation
  public record Event(
      AlertState state, Instant at, Optional<Double> value, String by, String note) {}

  AlertView with(List<Event> events) {
    return new AlertView(
        id,
        source,
        rule,
        severity,
        state,
        labels,
        value,
        threshold,
        message,
        startedAt,
        firedAt,
        acknowledgedAt,
        acknowledgedBy,
        resolvedAt,
        mutedBy,
        Optional.of(events));
  }
}
