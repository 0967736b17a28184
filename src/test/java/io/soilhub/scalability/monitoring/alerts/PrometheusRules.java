package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.monitoring.alerts.AlertRule.Comparison;
import io.soilhub.scalability.monitoring.alerts.AlertRule.Inhibition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Writes rules as Prometheus and Alertmanager read them.
final class PrometheusRules {

  static final String HEAD =
      "# Made of the default rules of the service: mvn test -Dtest=PrometheusRulesTest"
          + " -Drules.write\n";

  private PrometheusRules() {}

  /// A rule file. The clear threshold is a second expression that holds while the alert fires.
  static String ruleFile(AlertRules rules) {
    StringBuilder file = new StringBuilder(HEAD);
    file.append("groups:\n  - name: soilhub\n    interval: 15s\n    rules:\n");
    for (AlertRule rule : rules.rules()) {
      file.append("      - alert: %s%n".formatted(alertName(rule.name())));
      file.append("        expr: |-%n".formatted());
      expression(rule).lines().forEach(line -> file.append("          " + line + "\n"));
      file.append("        for: %ds%n".formatted(rule.forSeconds()));
      file.append("        labels:\n          severity: %s%n".formatted(rule.severity().text()));
      file.append("        annotations:\n          summary: %s%n".formatted(summary(rule)));
    }
    return file.toString();
  }

  /// A configuration of Alertmanager that tells the service and inhibits what the rules inhibit.
  static String alertmanager(AlertRules rules) {
    StringBuilder file = new StringBuilder(HEAD);
    file.append(
        """
        route:
          receiver: soilhub
          group_by: [alertname]
          group_wait: 10s
          group_interval: 1m
          repeat_interval: 4h
        receivers:
          - name: soilhub
            webhook_configs:
              - url: http://scalability:8000/api/v1/scalability/alerts/webhook
                send_resolved: true
                max_alerts: 500
        """);
    file.append("inhibit_rules:\n");
    for (AlertRule rule : rules.rules()) {
      for (Inhibition inhibition : rule.inhibits()) {
        file.append("  - source_matchers:\n");
        file.append("      - alertname = \"%s\"%n".formatted(alertName(rule.name())));
        new TreeMap<>(inhibition.when())
            .forEach((k, v) -> file.append("      - %s = \"%s\"%n".formatted(k, v)));
        String targets =
            inhibition.rules().stream()
                .map(PrometheusRules::alertName)
                .collect(Collectors.joining("|"));
        file.append("    target_matchers:\n      - alertname =~ \"%s\"%n".formatted(targets));
        if (!inhibition.equal().isEmpty()) {
          file.append("    equal: [%s]%n".formatted(String.join(", ", inhibition.equal())));
        }
      }
    }
    return file.toString();
  }

  static String alertName(String rule) {
    return Arrays.stream(rule.split("-"))
        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
        .collect(Collectors.joining("", "Soilhub", ""));
  }

  static String summary(AlertRule rule) {
    return "%s is %s %s"
        .formatted(rule.signal().text(), side(rule), number(rule.threshold()))
        .replace(':', ' ');
  }

  /// The labels by which a signal has subjects, as Prometheus calls them.
  static List<String> subject(AlertSignal signal) {
    return switch (signal.kind()) {
      case CPU_RATIO, MEMORY_RATIO -> List.of("instance");
      case QUEUE_BACKLOG -> List.of("queue");
      case COMPONENT_DOWN -> List.of("component");
      case BREAKER_OPEN -> List.of("breaker");
      default -> List.of();
    };
  }

  private static String expression(AlertRule rule) {
    String value = value(rule);
    String sign = rule.comparison() == Comparison.ABOVE ? ">" : "<";
    String crossed = "(%s) %s %s".formatted(value, sign, number(rule.threshold()));
    String whole = crossed;
    if (!rule.clearThreshold().equals(rule.threshold())) {
      String on = String.join(", ", subject(rule.signal()));
      whole =
          """
          (%s)
          or
          (
            (%s) %s %s
            and on (%s) ALERTS{alertname="%s",alertstate="firing"}
          )\
          """
              .formatted(
                  crossed, value, sign, number(rule.clearThreshold()), on, alertName(rule.name()));
    }
    return rule.minimumCount() == 0
        ? whole
        : "(%n%s%n)%nand on () (%s >= %d)".formatted(whole, count(rule), rule.minimumCount());
  }

  private static String value(AlertRule rule) {
    String window = rule.windowSeconds() + "s";
    return switch (rule.signal().kind()) {
      case CPU_RATIO ->
          "max by (instance) (avg_over_time(soilhub_process_cpu_ratio[%s]))".formatted(window);
      case MEMORY_RATIO ->
          "max by (instance) (avg_over_time(soilhub_memory_used_ratio[%s]))".formatted(window);
      case ERROR_RATIO ->
          """
          sum(rate(soilhub_http_requests_total{status="5xx"}[%1$s]))
            / sum(rate(soilhub_http_requests_total[%1$s]))\
          """
              .formatted(window);
      case RESPONSE_SECONDS_P95 ->
          """
          histogram_quantile(0.95,
            sum by (le) (rate(soilhub_operation_duration_seconds_bucket{operation="http"}[%s])))\
          """
              .formatted(window);
      case CACHE_MISS_RATIO ->
          """
          sum(rate(soilhub_cache_requests_total{level="l3",outcome="miss"}[%1$s]))
            / sum(rate(soilhub_cache_requests_total{level="l1"}[%1$s]))\
          """
              .formatted(window);
      case QUEUE_BACKLOG -> "max by (queue) (soilhub_queue_waiting)";
      case COMPONENT_DOWN -> "1 - min by (component) (soilhub_component_up)";
      case REPLICAS_MISSING ->
          """
          count(up{job="soilhub"} == 0)
            or absent(up{job="soilhub"} == 1)
            or max(soilhub_replicas_missing)\
          """;
      case BREAKER_OPEN -> "max by (breaker) (soilhub_breaker_open)";
      case METRIC, OPERATION -> throw new IllegalArgumentException("no default is of " + rule);
    };
  }

  private static String count(AlertRule rule) {
    String window = rule.windowSeconds() + "s";
    String series =
        switch (rule.signal().kind()) {
          case ERROR_RATIO -> "soilhub_http_requests_total";
          case RESPONSE_SECONDS_P95 ->
              "soilhub_operation_duration_seconds_count{operation=\"http\"}";
          case CACHE_MISS_RATIO -> "soilhub_cache_requests_total{level=\"l1\"}";
          default -> throw new IllegalArgumentException("nothing is counted by " + rule);
        };
    return "sum(increase(%s[%s]))".formatted(series, window);
  }

  private static String side(AlertRule rule) {
    return rule.comparison() == Comparison.ABOVE ? "above" : "below";
  }

  static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /// Labels in the notation of a series.
  static String labels(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(label -> "%s=\"%s\"".formatted(label.getKey(), label.getValue()))
            .collect(Collectors.joining(","));
  }
}
