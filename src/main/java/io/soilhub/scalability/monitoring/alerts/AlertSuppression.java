package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.monitoring.alerts.AlertRule.Inhibition;
import io.soilhub.scalability.monitoring.alerts.Silence.Matcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Decides what is not told: what somebody has silenced, and what follows from something worse.
///
/// In an outage everything fires, and each alert could be held against every other. So the alerts
/// that inhibit are collected once, under the rule that falls silent and the values of the labels
/// that must be equal, and each silence under its first matcher: an alert is looked up.
final class AlertSuppression {

  /// What an alert is looked up by.
  ///
  /// @param rule that falls silent
  /// @param equal labels that must be equal, with the inhibiting alert's values
  private record Target(String rule, Map<String, String> equal) {}

  private final Instant now;
  private final Map<Target, String> inhibitors = new HashMap<>();
  private final Map<String, Set<List<String>>> equalLabels = new HashMap<>();
  private final Map<Matcher, List<Silence>> silences = new HashMap<>();

  /// @param alerts all of the moment
  AlertSuppression(AlertRules rules, List<Silence> silences, List<Alert> alerts, Instant now) {
    this.now = now;
    for (Silence silence : silences) {
      Matcher first = silence.matchers().getFirst();
      this.silences.computeIfAbsent(first, _ -> new ArrayList<>()).add(silence);
    }
    Map<String, List<Inhibition>> inhibitions = new HashMap<>();
    rules.rules().forEach(rule -> inhibitions.put(rule.name(), rule.inhibits()));
    for (Alert alert : alerts) {
      if (alert.state().active()) {
        inhibitions.getOrDefault(alert.key().rule(), List.of()).stream()
            .filter(inhibition -> AlertRule.has(alert.key().subject(), inhibition.when()))
            .forEach(inhibition -> add(alert, inhibition));
      }
    }
  }

  /// Why the alert is not told of; empty when it is.
  Optional<String> of(Alert alert) {
    return silences(alert)
        .map(silence -> "silence " + silence.id())
        .findFirst()
        .or(() -> inhibitors(alert).findFirst());
  }

  private void add(Alert source, Inhibition inhibition) {
    for (String rule : inhibition.rules()) {
      equalLabels.computeIfAbsent(rule, _ -> new LinkedHashSet<>()).add(inhibition.equal());
      inhibitors.putIfAbsent(
          new Target(rule, values(source, inhibition.equal())), source.key().toString());
    }
  }

  private Stream<String> inhibitors(Alert alert) {
    String rule = alert.key().rule();
    return equalLabels.getOrDefault(rule, Set.of()).stream()
        .map(labels -> inhibitors.get(new Target(rule, values(alert, labels))))
        .flatMap(Stream::ofNullable);
  }

  private Stream<Silence> silences(Alert alert) {
    Stream<Matcher> labels =
        alert.key().subject().values().entrySet().stream()
            .map(label -> new Matcher(label.getKey(), label.getValue()));
    return Stream.concat(
            Stream.of(
                new Matcher("rule", alert.key().rule()),
                new Matcher("severity", alert.severity().text())),
            labels)
        .flatMap(matcher -> silences.getOrDefault(matcher, List.of()).stream())
        .filter(silence -> silence.covers(alert, now));
  }

  /// A label that is not there counts as empty.
  private static Map<String, String> values(Alert alert, List<String> labels) {
    Map<String, String> values = new LinkedHashMap<>();
    labels.forEach(
        label -> values.put(label, alert.key().subject().values().getOrDefault(label, "")));
    return values;
  }
}
