package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.telemetry.metrics.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;

/// How a rule's signal goes, in steps of an evaluation, and when the alert has to fire: good, bad
/// for long enough, between the thresholds, good again. One table for our own evaluation and for
/// Prometheus.
record AlertTimeline(AlertRule rule, List<Phase> phases) {

  static final int STEP_SECONDS = 15;
  private static final int SPARE_STEPS = 20;

  /// @param value of the signal meanwhile
  /// @param fires whether the alert fires at the end
  record Phase(double value, int steps, boolean fires) {}

  /// Whether the alert fires at a step.
  record Check(int step, boolean fires) {}

  static AlertTimeline of(AlertRule rule) {
    boolean band = !rule.clearThreshold().equals(rule.threshold());
    int settle = rule.windowSeconds() / STEP_SECONDS + SPARE_STEPS;
    List<Phase> phases = new ArrayList<>();
    phases.add(new Phase(good(rule), settle, false));
    int longEnough = rule.forSeconds() / STEP_SECONDS;
    phases.add(new Phase(bad(rule), settle + longEnough, true));
    if (band) {
      phases.add(new Phase((rule.threshold() + rule.clearThreshold()) / 2, settle, true));
    }
    phases.add(new Phase(good(rule), settle, false));
    return new AlertTimeline(rule, phases);
  }

  private static double good(AlertRule rule) {
    return rule.clearThreshold() < 1 ? 0 : rule.clearThreshold() / 5;
  }

  private static double bad(AlertRule rule) {
    return rule.threshold() < 1 ? Math.min(1, rule.threshold() * 2) : rule.threshold() * 2;
  }

  /// At the end of each phase, and shortly before the bad one has lasted long enough.
  List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    int end = 0;
    for (Phase phase : phases) {
      int begin = end;
      end += phase.steps();
      if (phase.value() == bad(rule) && rule.forSeconds() >= 2 * STEP_SECONDS) {
        checks.add(new Check(begin + rule.forSeconds() / STEP_SECONDS - 1, false));
      }
      checks.add(new Check(end - 1, phase.fires()));
    }
    return checks;
  }

  double value(int step) {
    int end = 0;
    for (Phase phase : phases) {
      end += phase.steps();
      if (step < end) {
        return phase.value();
      }
    }
    throw new IllegalArgumentException("no step " + step);
  }

  int steps() {
    return phases.stream().mapToInt(Phase::steps).sum();
  }

  Labels subject() {
    List<String> labels = PrometheusRules.subject(rule.signal());
    return labels.isEmpty() ? Labels.NONE : Labels.of(labels.getFirst(), "one");
  }

  /// As a test of promtool's.
  String promtoolTest() {
    StringBuilder test = new StringBuilder();
    test.append("  - name: %s%n    interval: %ds%n".formatted(rule.name(), STEP_SECONDS));
    test.append("    input_series:\n");
    series().forEach((name, values) -> test.append(oneSeries(name, values)));
    test.append("    alert_rule_test:\n");
    for (Check check : checks()) {
      test.append("      - eval_time: %ds%n".formatted(check.step() * STEP_SECONDS));
      test.append("        alertname: %s%n".formatted(PrometheusRules.alertName(rule.name())));
      test.append(check.fires() ? expected() : "        exp_alerts: []\n");
    }
    return test.toString();
  }

  private String expected() {
    StringBuilder labels = new StringBuilder();
    subject().values().forEach((k, v) -> labels.append("              %s: %s%n".formatted(k, v)));
    return """
            exp_alerts:
              - exp_labels:
                  severity: %s
    %s            exp_annotations:
                  summary: %s
    """
        .formatted(rule.severity().text(), labels, PrometheusRules.summary(rule));
  }

  private static String oneSeries(String name, String values) {
    return "      - series: '%s'%n        values: '%s'%n".formatted(name, values);
  }

  /// Series by name, in promtool's notation, that make the signal go like this.
  private Map<String, String> series() {
    return switch (rule.signal().kind()) {
      case CPU_RATIO -> Map.of("soilhub_process_cpu_ratio{instance=\"one\"}", gauge(v -> v));
      case MEMORY_RATIO -> Map.of("soilhub_memory_used_ratio{instance=\"one\"}", gauge(v -> v));
      case QUEUE_BACKLOG -> Map.of("soilhub_queue_waiting{queue=\"one\"}", gauge(v -> v));
      case COMPONENT_DOWN -> Map.of("soilhub_component_up{component=\"one\"}", gauge(v -> 1 - v));
      case REPLICAS_MISSING ->
          sorted(
              "up{instance=\"one\",job=\"soilhub\"}",
              gauge(v -> 1 - v),
              "soilhub_replicas_missing{instance=\"two\"}",
              gauge(_ -> 0.0));
      case BREAKER_OPEN -> Map.of("soilhub_breaker_open{breaker=\"one\"}", gauge(v -> v));
      case ERROR_RATIO ->
          sorted(
              "soilhub_http_requests_total{status=\"2xx\"}",
              counter(v -> 1000 * (1 - v)),
              "soilhub_http_requests_total{status=\"5xx\"}",
              counter(v -> 1000 * v));
      case CACHE_MISS_RATIO ->
          sorted(
              "soilhub_cache_requests_total{level=\"l1\",outcome=\"hit\"}",
              counter(_ -> 0),
              "soilhub_cache_requests_total{level=\"l1\",outcome=\"miss\"}",
              counter(_ -> 1000),
              "soilhub_cache_requests_total{level=\"l3\",outcome=\"miss\"}",
              counter(v -> 1000 * v));
      case RESPONSE_SECONDS_P95 -> durations();
      case METRIC, OPERATION -> throw new IllegalArgumentException("no default is of " + rule);
    };
  }

  /// All requests fall into one narrow bucket about the value.
  private Map<String, String> durations() {
    Map<String, String> all = new java.util.TreeMap<>();
    String name = "soilhub_operation_duration_seconds";
    for (Phase phase : phases) {
      for (double bound : new double[] {phase.value() * 0.99, phase.value() * 1.01}) {
        String le = Double.toString(Math.round(bound * 1e6) / 1e6);
        all.put(
            "%s_bucket{le=\"%s\",operation=\"http\"}".formatted(name, le),
            counter(v -> v <= bound ? 100 : 0));
      }
    }
    all.put("%s_bucket{le=\"+Inf\",operation=\"http\"}".formatted(name), counter(_ -> 100));
    all.put("%s_count{operation=\"http\"}".formatted(name), counter(_ -> 100));
    return all;
  }

  private String gauge(DoubleFunction<Double> of) {
    StringBuilder values = new StringBuilder();
    for (Phase phase : phases) {
      values.append("%s+0x%d ".formatted(rounded(of.apply(phase.value())), phase.steps() - 1));
    }
    return values.toString().strip();
  }

  private String counter(DoubleFunction<Number> perStep) {
    StringBuilder values = new StringBuilder();
    double at = 0;
    for (Phase phase : phases) {
      double each = perStep.apply(phase.value()).doubleValue();
      String form = "%s+%sx%d ";
      values.append(form.formatted(rounded(at + each), rounded(each), phase.steps() - 1));
      at += each * phase.steps();
    }
    return values.toString().strip();
  }

  private static String rounded(double value) {
    return PrometheusRules.number(Math.round(value * 1e6) / 1e6);
  }

  private static Map<String, String> sorted(String... namesAndValues) {
    Map<String, String> all = new java.util.TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      all.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return all;
  }
}
