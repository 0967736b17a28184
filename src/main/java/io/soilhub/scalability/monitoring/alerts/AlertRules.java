package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.monitoring.alerts.AlertRule.Comparison;
import io.soilhub.scalability.monitoring.alerts.AlertRule.Inhibition;
import io.soilhub.scalability.monitoring.alerts.AlertRule.Severity;
import io.soilhub.scalability.monitoring.alerts.AlertSignal.Kind;
import io.soilhub.scalability.platform.http.Violations;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// All rules. What one inhibits must exist and must not lead back to itself: two alerts that
/// silence each other would be told of by nobody.
///
/// @param rules at most 200, in the order in which they are shown
public record AlertRules(List<AlertRule> rules) {

  static final int MOST_RULES = 200;
  private static final List<String> DEPENDENT =
      List.of("error-rate", "response-time", "cache-misses", "queue-backlog");

  /// What holds until others are put in their place; k8s/monitoring has them for Prometheus.
  static final AlertRules DEFAULTS =
      new AlertRules(
          List.of(
              rule("cpu", Kind.CPU_RATIO, 0.8, 0.7, 60, 120, 0, Severity.WARNING),
              rule("memory", Kind.MEMORY_RATIO, 0.8, 0.75, 60, 300, 0, Severity.WARNING),
              rule("error-rate", Kind.ERROR_RATIO, 0.05, 0.03, 300, 60, 50, Severity.CRITICAL),
              rule(
                  "response-time",
                  Kind.RESPONSE_SECONDS_P95,
                  2,
                  1.5,
                  300,
                  60,
                  50,
                  Severity.WARNING),
              rule("cache-misses", Kind.CACHE_MISS_RATIO, 0.5, 0.4, 600, 300, 100, Severity.INFO),
              rule("queue-backlog", Kind.QUEUE_BACKLOG, 100, 50, 60, 60, 0, Severity.WARNING),
              componentFailing(),
              rule(
                  "replicas-missing",
                  Kind.REPLICAS_MISSING,
                  0.5,
                  0.5,
                  60,
                  120,
                  0,
                  Severity.CRITICAL),
              rule("breaker-open", Kind.BREAKER_OPEN, 0.5, 0.5, 60, 0, 0, Severity.WARNING)));

  public AlertRules {
    Violations violations = new Violations();
    // An empty list erases all rules; a member that was forgotten or misspelt must not.
    violations.require(rules != null, "/rules", "must be given; [] for none");
    List<AlertRule> given = rules == null ? List.of() : rules;
    violations.requireBetween("/rules", given.size(), 0, MOST_RULES);
    for (int i = 0; i < given.size(); i++) {
      violations.require(given.get(i) != null, "/rules/" + i, "must be a rule");
    }
    violations.raise();
    rules = List.copyOf(given);
    Map<String, Set<String>> silenced = new HashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      AlertRule rule = rules.get(i);
      Set<String> below =
          rule.inhibits().stream().flatMap(i2 -> i2.rules().stream()).collect(Collectors.toSet());
      boolean first = silenced.put(rule.name(), below) == null;
      violations.require(first, "/rules/" + i + "/name", "is the name of another rule");
    }
    Set<String> circular = circular(silenced);
    for (int i = 0; i < rules.size(); i++) {
      String pointer = "/rules/" + i + "/inhibits";
      for (String below : silenced.get(rules.get(i).name())) {
        violations.require(silenced.containsKey(below), pointer, "there is no rule " + below);
      }
      violations.require(!circular.contains(rules.get(i).name()), pointer, "leads into a circle");
    }
    violations.raise();
  }

  /// What is refused of rules that somebody brings, although rules of it may be stored.
  ///
  /// @throws io.soilhub.scalability.platform.core.Problem of kind INVALID with all that is wrong
  void requireReadable() {
    Violations violations = new Violations();
    for (int i = 0; i < rules.size(); i++) {
      violations.require(
          rules.get(i).signal().isReadable(),
          "/rules/" + i + "/signal",
          "a custom metric has no error_ratio: it counts no failures");
    }
    violations.raise();
  }

  Optional<AlertRule> named(String name) {
    return rules.stream().filter(rule -> rule.name().equals(name)).findFirst();
  }

  /// What is left when rules that silence nothing more are taken away again and again.
  private static Set<String> circular(Map<String, Set<String>> silenced) {
    Set<String> left = new HashSet<>(silenced.keySet());
    boolean taken = true;
    while (taken) {
      taken = left.removeIf(name -> silenced.get(name).stream().noneMatch(left::contains));
    }
    return left;
  }

  private static AlertRule rule(
      String name,
      Kind kind,
      double threshold,
      double clear,
      int window,
      int longEnough,
      long minimum,
      Severity severity) {
    return new AlertRule(
        name,
        AlertSignal.of(kind),
        Comparison.ABOVE,
        threshold,
        window,
        longEnough,
        clear,
        minimum,
        null,
        severity,
        List.of(),
        Map.of(),
        List.of());
  }

  /// What is slow, failing or piling up while PostgreSQL or Redis is away follows from that.
  private static AlertRule componentFailing() {
    AlertRule plain =
        rule("component-failing", Kind.COMPONENT_DOWN, 0.5, 0.5, 60, 30, 0, Severity.CRITICAL);
    return new AlertRule(
        plain.name(),
        plain.signal(),
        plain.comparison(),
        plain.threshold(),
        plain.windowSeconds(),
        plain.forSeconds(),
        plain.clearThreshold(),
        plain.minimumCount(),
        plain.staleSeconds(),
        plain.severity(),
        plain.groupBy(),
        plain.where(),
        List.of(
            new Inhibition(Map.of("component", "postgresql"), DEPENDENT, List.of()),
            new Inhibition(Map.of("component", "redis"), DEPENDENT, List.of())));
  }
}
