package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.monitoring.alerts.Alert.Seen;
import io.soilhub.scalability.monitoring.alerts.AlertRule.Severity;
import io.soilhub.scalability.monitoring.alerts.Silence.Matcher;
import io.soilhub.scalability.telemetry.metrics.Labels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AlertSuppressionTest {

  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  private static final AlertRules RULES =
      new AlertRules(
          List.of(
              RuleText.rule(
                  """
                  {'name':'worse','signal':'queue_backlog','threshold':100,
                   'inhibits':[{'rules':['plain'],'equal':['queue','zone']},
                               {'when':{'queue':'all'},'rules':['plain']}]}
                  """),
              RuleText.rule("{'name':'plain','signal':'queue_backlog','threshold':10}")));

  @Test
  void whatMustBeEqualIsEqualAlsoWhenNeitherHasIt() {
    Alert worse = alert("worse", Labels.of("queue", "a", "node", "1"));
    Alert same = alert("plain", Labels.of("queue", "a", "node", "2"));
    Alert other = alert("plain", Labels.of("queue", "b", "node", "1"));
    Alert elsewhere = alert("plain", Labels.of("queue", "a", "zone", "north"));
    AlertSuppression alertSuppression = alertSuppression(List.of(), worse, same, other, elsewhere);
    assertThat(alertSuppression.of(same)).contains("worse {node=1, queue=a}");
    assertThat(alertSuppression.of(other)).isEmpty();
    assertThat(alertSuppression.of(elsewhere)).isEmpty();
    assertThat(alertSuppression.of(worse)).isEmpty();
  }

  @Test
  void oneThatFiresForAllSilencesAllAndOneThatHasEndedNone() {
    Alert all = alert("worse", Labels.of("queue", "all"));
    Alert plain = alert("plain", Labels.of("queue", "b"));
    assertThat(alertSuppression(List.of(), all, plain).of(plain)).isPresent();
    Alert over = all.resolved(NOW, "recovered");
    assertThat(alertSuppression(List.of(), over, plain).of(plain)).isEmpty();
  }

  @Test
  void aSilenceHoldsWhenAllOfItsMatchersDo() {
    Matcher queue = new Matcher("queue", "b");
    Matcher rule = new Matcher("rule", "plain");
    Matcher severity = new Matcher("severity", "warning");
    Alert plain = alert("plain", Labels.of("queue", "b"));
    for (List<Matcher> matchers :
        List.of(List.of(queue, rule, severity), List.of(severity, queue), List.of(rule))) {
      assertThat(alertSuppression(List.of(silence(matchers)), plain).of(plain)).isPresent();
    }
    Matcher other = new Matcher("queue", "a");
    assertThat(alertSuppression(List.of(silence(List.of(rule, other))), plain).of(plain)).isEmpty();
    assertThat(alertSuppression(List.of(silence(List.of(other, rule))), plain).of(plain)).isEmpty();
  }

  /// Held against each other, these would be 400 million pairs, and 20 million with the silences.
  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void inAStormEachAlertIsLookedUpOnce() {
    List<Alert> storm = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      storm.add(alert(i % 2 == 0 ? "worse" : "plain", Labels.of("queue", "q" + i)));
    }
    List<Silence> silences = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      silences.add(silence(List.of(new Matcher("queue", "none" + i))));
    }
    AlertSuppression alertSuppression = new AlertSuppression(RULES, silences, storm, NOW);
    assertThat(storm).allSatisfy(alert -> assertThat(alertSuppression.of(alert)).isEmpty());
  }

  private static AlertSuppression alertSuppression(List<Silence> silences, Alert... alerts) {
    return new AlertSuppression(RULES, silences, List.of(alerts), NOW);
  }

  private static Silence silence(List<Matcher> matchers) {
    return new Silence(new UUID(1, 1), matchers, NOW, NOW.plusSeconds(60), "me", "test");
  }

  private static Alert alert(String rule, Labels subject) {
    Seen seen = new Seen(120, 100, NOW);
    return Alert.pending(new UUID(1, 2), new Alert.Key(rule, subject), Severity.WARNING, seen)
        .fired(NOW);
  }
}
