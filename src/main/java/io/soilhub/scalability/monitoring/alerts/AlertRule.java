package io.soilhub.scalability.monitoring.alerts;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.soilhub.scalability.monitoring.alerts.SignalSource.Reading;
import io.soilhub.scalability.platform.http.Violations;
import io.soilhub.scalability.telemetry.metrics.Labels;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// When to alert. What is not given has its default.
///
/// @param name small letters, digits and `-`, unique
/// @param comparison `above` (default) or `below`: on which side of the threshold it is bad
/// @param windowSeconds that the signal looks back, 10 to 86,400; 300 when not given
/// @param forSeconds that it has to be bad without a break before it fires, 0 to 86,400; 0
/// @param clearThreshold that has to be reached for it to be good again; the threshold when not
///   given. Between the two a firing alert goes on and none begins.
/// @param minimumCount of requests, or whatever the reading was made of, below which it tells
///   nothing, so that one failure of two requests is no alarm; 0
/// @param staleSeconds that a firing alert outlives its last reading, 0 to 86,400; 300
/// @param severity `warning` when not given
/// @param groupBy labels that an evaluation's alerts of this rule must share to be told of in one
///   notification; none when not given, so that all are
/// @param where labels that a subject must have for the rule to look at it
/// @param inhibits what need not be told while this fires, because it follows from it
public record AlertRule(
    String name,
    AlertSignal signal,
    Comparison comparison,
    Double threshold,
    Integer windowSeconds,
    Integer forSeconds,
    Double clearThreshold,
    Long minimumCount,
    Integer staleSeconds,
    Severity severity,
    List<String> groupBy,
    Map<String, String> where,
    List<Inhibition> inhibits) {

  public enum Comparison {
    @JsonProperty("above")
    ABOVE,
    @JsonProperty("below")
    BELOW
  }

  /// Whether anything measures the rule's signal.
  public enum RuleStateFilter {
    @JsonProperty("active")
    ACTIVE,
    @JsonProperty("inactive")
    INACTIVE
  }

  /// How bad it is.
  public enum Severity {
    @JsonProperty("info")
    INFO,
    @JsonProperty("warning")
    WARNING,
    @JsonProperty("critical")
    CRITICAL;

    private final String text = name().toLowerCase(Locale.ROOT);

    String text() {
      return text;
    }

    static Optional<Severity> named(String text) {
      return Arrays.stream(values()).filter(s -> s.text.equals(text)).findFirst();
    }
  }

  /// Alerts of other rules are not told of while an alert of this one fires.
  ///
  /// @param when labels that this rule's alert must have; none when not given
  /// @param rules names of the rules that fall silent
  /// @param equal labels in which both alerts must agree; none when not given, so that all do
  public record Inhibition(Map<String, String> when, List<String> rules, List<String> equal) {
    public Inhibition {
      when = when == null ? Map.of() : plain(when);
      rules = plain(rules);
      equal = plain(equal);
    }
  }

  private static final int DAY = 86_400;
  private static final int MOST_LABELS = 20;
  private static final int LONGEST_VALUE = 1_000;
  private static final String NAME = "[a-z][a-z0-9-]{0,62}";
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]{0,99}";

  public AlertRule {
    comparison = comparison == null ? Comparison.ABOVE : comparison;
    windowSeconds = windowSeconds == null ? 300 : windowSeconds;
    forSeconds = forSeconds == null ? 0 : forSeconds;
    clearThreshold = clearThreshold == null ? threshold : clearThreshold;
    minimumCount = minimumCount == null ? 0 : minimumCount;
    staleSeconds = staleSeconds == null ? 300 : staleSeconds;
    severity = severity == null ? Severity.WARNING : severity;
    groupBy = plain(groupBy);
    where = where == null ? Map.of() : plain(where);
    Violations violations = new Violations();
    List<Inhibition> given = inhibits == null ? List.of() : inhibits;
    for (int i = 0; i < given.size(); i++) {
      violations.require(given.get(i) != null, "/inhibits/" + i, "must be given");
    }
    inhibits = given.stream().filter(i -> i != null).toList();
    violations.require(
        name != null && name.matches(NAME),
        "/name",
        "must be 1 to 63 small letters, digits and '-', a letter first");
    violations.require(signal != null, "/signal", "must be given");
    violations.require(isFinite(threshold), "/threshold", "must be a number");
    violations.require(isFinite(clearThreshold), "/clear_threshold", "must be a number");
    violations.requireBetween("/window_seconds", windowSeconds, 10, DAY);
    violations.requireBetween("/for_seconds", forSeconds, 0, DAY);
    violations.requireBetween("/minimum_count", minimumCount, 0, Long.MAX_VALUE);
    violations.requireBetween("/stale_seconds", staleSeconds, 0, DAY);
    if (threshold != null && clearThreshold != null) {
      violations.require(
          comparison == Comparison.ABOVE
              ? clearThreshold <= threshold
              : clearThreshold >= threshold,
          "/clear_threshold",
          "must lie on the good side of the threshold");
    }
    names(violations, "/group_by", groupBy, LABEL);
    labels(violations, "/where", where);
    for (int i = 0; i < inhibits.size(); i++) {
      labels(violations, "/inhibits/" + i + "/when", inhibits.get(i).when());
      names(violations, "/inhibits/" + i + "/equal", inhibits.get(i).equal(), LABEL);
      names(violations, "/inhibits/" + i + "/rules", inhibits.get(i).rules(), NAME);
    }
    violations.raise();
  }

  /// A rule with the defaults for the rest.
  static AlertRule of(String name, AlertSignal signal, double threshold) {
    return new AlertRule(
        name, signal, null, threshold, null, null, null, null, null, null, null, null, null);
  }

  /// An inactive rule never fires. Shown with the rule, and passed over in one that is brought.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public RuleStateFilter state() {
    return signal.kind().isMeasured() ? RuleStateFilter.ACTIVE : RuleStateFilter.INACTIVE;
  }

  Duration window() {
    return Duration.ofSeconds(windowSeconds);
  }

  boolean breachedBy(double value) {
    return comparison == Comparison.ABOVE ? value > threshold : value < threshold;
  }

  /// Whether an alert that fires is over at this value.
  boolean clearedBy(double value) {
    return comparison == Comparison.ABOVE ? value <= clearThreshold : value >= clearThreshold;
  }

  /// Whether the rule looks at this reading, and the reading tells anything.
  boolean usable(Reading reading) {
    return !Double.isNaN(reading.value())
        && reading.count() >= minimumCount
        && has(reading.subject(), where);
  }

  static boolean has(Labels subject, Map<String, String> wanted) {
    return subject.values().entrySet().containsAll(wanted.entrySet());
  }

  private static boolean isFinite(Double value) {
    return value != null && Double.isFinite(value);
  }

  private static List<String> plain(List<String> values) {
    return values == null ? List.of() : values.stream().map(v -> v == null ? "" : v).toList();
  }

  private static Map<String, String> plain(Map<String, String> values) {
    Map<String, String> all = new TreeMap<>();
    values.forEach((name, value) -> all.put(name, value == null ? "" : value));
    return Map.copyOf(all);
  }

  private static void names(
      Violations violations, String pointer, List<String> names, String form) {
    violations.requireBetween(pointer, names.size(), 0, MOST_LABELS);
    for (int i = 0; i < names.size(); i++) {
      violations.require(names.get(i).matches(form), pointer + "/" + i, "is no such name");
    }
  }

  private static void labels(Violations violations, String pointer, Map<String, String> labels) {
    violations.requireBetween(pointer, labels.size(), 0, MOST_LABELS);
    labels.forEach(
        (name, value) -> {
          violations.require(
              name.matches(LABEL), pointer, "'%s' is no label's name".formatted(name));
          violations.requireText(pointer + "/" + name, value, LONGEST_VALUE);
        });
  }
}
