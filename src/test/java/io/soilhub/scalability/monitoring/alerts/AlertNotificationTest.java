package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.monitoring.alerts.Alert.Seen;
import io.soilhub.scalability.monitoring.alerts.AlertRule.Severity;
import io.soilhub.scalability.telemetry.metrics.Labels;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlertNotificationTest {

  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  @Test
  void allAlertsOfARuleAreOneMessage() {
    Alert over = firing("backlog", Labels.of("queue", "b")).resolved(NOW, "recovered");
    List<AlertNotification> notices =
        AlertNotification.of(
            rules(List.of()),
            List.of(firing("backlog", Labels.of("queue", "a")), over, firing("x", Labels.NONE)));
    assertThat(notices)
        .extracting(AlertNotification::subject)
        .containsExactly("[warning] backlog (firing: 1, resolved: 1)", "[warning] x (firing: 1)");
    assertThat(notices.getFirst().message())
        .isEqualTo(
            """
            firing backlog {queue=a}: 120, threshold 100
            resolved backlog {queue=b}: recovered (120)
            """);
    assertThat(notices.getFirst().data().at("/alerts/1/state").asText()).isEqualTo("resolved");
    assertThat(notices.getFirst().data().at("/alerts/0/labels/queue").asText()).isEqualTo("a");
  }

  @Test
  void aRuleMayWantAMessageForEachOfSomeLabels() {
    List<AlertNotification> notices =
        AlertNotification.of(
            rules(List.of("queue")),
            List.of(
                firing("backlog", Labels.of("queue", "a", "node", "1")),
                firing("backlog", Labels.of("queue", "a", "node", "2")),
                firing("backlog", Labels.of("queue", "b", "node", "1"))));
    assertThat(notices).hasSize(2);
    assertThat(notices.getFirst().data().at("/group/queue").asText()).isEqualTo("a");
    assertThat(notices.getFirst().data().at("/total").asInt()).isEqualTo(2);
  }

  @Test
  void aStormIsOneMessageThatFits() {
    String longName = "q".repeat(500);
    List<Alert> storm =
        IntStream.range(0, 1_000)
            .mapToObj(i -> firing("backlog", Labels.of("queue", longName + i)))
            .toList();
    List<AlertNotification> notices = AlertNotification.of(rules(List.of()), storm);
    assertThat(notices).hasSize(1);
    assertThat(notices.getFirst().message()).endsWith("and 950 more\n").hasSizeLessThan(10_000);
    assertThat(notices.getFirst().data().at("/alerts")).hasSize(AlertNotification.MOST_LISTED);
    assertThat(notices.getFirst().data().at("/total").asInt()).isEqualTo(1_000);
  }

  private static AlertRules rules(List<String> groupBy) {
    String labels = String.join(",", groupBy.stream().map(label -> "'" + label + "'").toList());
    String rule =
        "{'name':'backlog','signal':'queue_backlog','threshold':100,'group_by':[%s]}"
            .formatted(labels);
    return new AlertRules(List.of(RuleText.rule(rule)));
  }

  private static Alert firing(String rule, Labels subject) {
    Seen seen = new Seen(120, 100, NOW);
    return Alert.pending(new UUID(1, 2), new Alert.Key(rule, subject), Severity.WARNING, seen)
        .fired(NOW);
  }
}
