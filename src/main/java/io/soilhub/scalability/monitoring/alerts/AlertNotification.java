package io.soilhub.scalability.monitoring.alerts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.monitoring.alerts.AlertRule.Severity;
import io.soilhub.scalability.platform.core.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One message about all alerts of a group that an evaluation has to tell of.
///
/// @param rule whose alerts they are
/// @param data the same for programs
record AlertNotification(String rule, String subject, String message, ObjectNode data) {

  /// Alerts that a message lists; it counts the others.
  static final int MOST_LISTED = 50;

  private static final int LONGEST_LINE = 180;

  /// Characters of the listed alerts: labels may be long.
  private static final int LONGEST_DATA = 200_000;

  /// What makes a group: the rule, and those of the subject's labels that it groups by.
  private record Group(String rule, Map<String, String> labels) {

    static Group of(AlertRules rules, Alert alert) {
      Map<String, String> labels = new TreeMap<>(alert.key().subject().values());
      labels
          .keySet()
          .retainAll(rules.named(alert.key().rule()).map(AlertRule::groupBy).orElse(List.of()));
      return new Group(alert.key().rule(), labels);
    }
  }

  static List<AlertNotification> of(AlertRules rules, List<Alert> announced) {
    Map<Group, List<Alert>> groups =
        announced.stream()
            .collect(
                Collectors.groupingBy(
                    alert -> Group.of(rules, alert), LinkedHashMap::new, Collectors.toList()));
    List<AlertNotification> notices = new ArrayList<>();
    groups.forEach((group, alerts) -> notices.add(of(group, alerts)));
    return notices;
  }

  /// What goes to a webhook; the address is the receiver's own.
  ObjectNode webhook() {
    ObjectNode payload = Json.object().put("channel", "webhook").put("target", "alerts");
    payload.put("subject", subject).put("message", message).set("data", data);
    return payload;
  }

  ObjectNode email(String recipient) {
    ObjectNode payload = Json.object().put("channel", "email").put("to", recipient);
    return payload.put("subject", subject).put("message", message);
  }

  private static AlertNotification of(Group group, List<Alert> alerts) {
    long over = alerts.stream().filter(a -> a.state() == AlertState.RESOLVED).count();
    long firing = alerts.size() - over;
    String counts =
        firing == 0
            ? "resolved: " + over
            : "firing: " + firing + (over == 0 ? "" : ", resolved: " + over);
    String severity =
        alerts.stream().map(Alert::severity).max(Severity::compareTo).orElseThrow().text();
    String subject = "[%s] %s (%s)".formatted(severity, group.rule(), counts);
    StringBuilder lines = new StringBuilder();
    for (Alert alert : alerts.subList(0, Math.min(alerts.size(), MOST_LISTED))) {
      String line = alert.state().text() + " " + alert.message();
      lines.append(line, 0, Math.min(line.length(), LONGEST_LINE)).append('\n');
    }
    if (alerts.size() > MOST_LISTED) {
      lines.append("and %d more%n".formatted(alerts.size() - MOST_LISTED));
    }
    return new AlertNotification(group.rule(), subject, lines.toString(), data(group, alerts));
  }

  private static ObjectNode data(Group group, List<Alert> alerts) {
    ObjectNode data = Json.object().put("rule", group.rule()).put("total", alerts.size());
    data.set("group", Json.tree(group.labels()));
    ArrayNode listed = data.putArray("alerts");
    int length = 0;
    for (Alert alert : alerts.subList(0, Math.min(alerts.size(), MOST_LISTED))) {
      ObjectNode one = data(alert);
      length += Json.write(one).length();
      if (length > LONGEST_DATA) {
        break;
      }
      listed.add(one);
    }
    return data;
  }

  private static ObjectNode data(Alert alert) {
    ObjectNode one = Json.object().put("id", alert.id().toString());
    one.put("state", alert.state().text()).put("severity", alert.severity().text());
    one.set("labels", Json.tree(alert.key().subject().values()));
    one.put("value", alert.seen().value()).put("threshold", alert.seen().threshold());
    one.put("started_at", alert.since().toString()).put("message", alert.message());
    alert.firedAt().ifPresent(at -> one.put("fired_at", at.toString()));
    alert.resolvedAt().ifPresent(at -> one.put("resolved_at", at.toString()));
    return one;
  }
}
