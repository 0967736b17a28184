package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.monitoring.alerts.AlertStateMachine.Before;
import io.soilhub.scalability.monitoring.alerts.AlertStateMachine.Outcome;
import io.soilhub.scalability.monitoring.alerts.AlertStateMachine.Query;
import io.soilhub.scalability.monitoring.alerts.SignalSource.Reading;
import io.soilhub.scalability.telemetry.metrics.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The decisions with a memory of their own and a clock that a test steps.
final class SteppedAlerts {

  AlertRules rules;
  final FixedSignals signals = new FixedSignals();
  final List<Silence> silences = new ArrayList<>();
  final List<String> told = new ArrayList<>();
  Instant now = Instant.parse("2026-06-01T00:00:00Z");
  Duration longestGap = Duration.ofHours(1);
  private List<Alert> open = List.of();
  private long created;

  SteppedAlerts(AlertRules rules) {
    this.rules = rules;
  }

  Outcome step(Duration passed) {
    Map<Query, List<Reading>> readings = new HashMap<>();
    for (AlertRule rule : rules.rules()) {
      readings.put(Query.of(rule), signals.readings(rule.signal(), rule.window()));
    }
    return step(passed, readings);
  }

  Outcome step(Duration passed, Map<Query, List<Reading>> readings) {
    Before before = new Before(rules, open, silences, now, longestGap);
    now = now.plus(passed);
    Outcome outcome = AlertStateMachine.step(before, readings, now, () -> new UUID(0, ++created));
    open = outcome.alerts().stream().filter(a -> a.state() != AlertState.RESOLVED).toList();
    outcome.announced().forEach(a -> told.add(a.state().text() + " " + a.key()));
    return outcome;
  }

  Optional<Alert> open(String rule, Labels subject) {
    return open.stream()
        .filter(a -> a.key().rule().equals(rule) && a.key().subject().equals(subject))
        .findFirst();
  }

  /// The state of the only alert of a rule.
  Optional<AlertState> state(String rule) {
    return open.stream().filter(a -> a.key().rule().equals(rule)).map(Alert::state).findFirst();
  }

  void acknowledge(String rule) {
    open = open.stream().map(a -> a.key().rule().equals(rule) ? acknowledged(a) : a).toList();
  }

  private static Alert acknowledged(Alert alert) {
    return new Alert(
        alert.id(),
        alert.key(),
        AlertState.ACKNOWLEDGED,
        alert.severity(),
        alert.seen(),
        alert.since(),
        alert.firedAt(),
        alert.resolvedAt(),
        alert.mutedBy(),
        alert.announced(),
        alert.reason());
  }
}
