package io.soilhub.scalability.alerts;

import io.soilhub.scalability.alerts.Rule.Inhibition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Decides what is not told: what somebody has silenced, and what follows from something worse.
record Muting(RuleSet rules, List<Silence> silences, Instant now) {

  /// Why the alert is not told of; empty when it is.
  ///
  /// @param all alerts of the moment, this one among them
  Optional<String> of(Alert alert, List<Alert> all) {
    return silences.stream()
        .filter(silence -> silence.covers(alert, now))
        .findFirst()
        .map(silence -> "silence " + silence.id())
        .or(
            () ->
                all.stream()
                    .filter(other -> inhibits(other, alert))
                    .findFirst()
                    .map(other -> other.key().toString()));
  }

  private boolean inhibits(Alert source, Alert target) {
    return source.state().active()
        && rules.named(source.key().rule()).stream()
            .flatMap(rule -> rule.inhibits().stream())
            .anyMatch(inhibition -> applies(inhibition, source, target));
  }

  private static boolean applies(Inhibition inhibition, Alert source, Alert target) {
    return inhibition.rules().contains(target.key().rule())
        && Rule.has(source.key().subject(), inhibition.when())
        && inhibition.equal().stream()
            .allMatch(label -> value(source, label).equals(value(target, label)));
  }

  private static String value(Alert alert, String label) {
    return alert.key().subject().values().getOrDefault(label, "");
  }
}
