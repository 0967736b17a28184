package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.monitoring.alerts.AlertSignal.Kind;
import io.soilhub.scalability.monitoring.alerts.AlertStateMachine.Outcome;
import io.soilhub.scalability.monitoring.alerts.AlertStateMachine.Transition;
import io.soilhub.scalability.monitoring.alerts.SignalSource.Reading;
import io.soilhub.scalability.telemetry.metrics.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlertStateMachineTest {

  private static final AlertSignal BACKLOG = AlertSignal.of(Kind.QUEUE_BACKLOG);
  private static final AlertSignal ERRORS = AlertSignal.of(Kind.ERROR_RATIO);
  private static final AlertSignal DOWN = AlertSignal.of(Kind.COMPONENT_DOWN);
  private static final Labels CLEANUP = Labels.of("queue", "cleanup");
  private static final Duration STEP = Duration.ofSeconds(15);

  private final SteppedAlerts alerts = new SteppedAlerts(new AlertRules(List.of(backlog())));

  @ParameterizedTest
  @MethodSource("defaults")
  void theDefaultRulesFireAndClearInTheirCourse(AlertRule rule) {
    AlertTimeline alertTimeline = AlertTimeline.of(rule);
    SteppedAlerts stepped = new SteppedAlerts(AlertRules.DEFAULTS);
    Map<Integer, Boolean> fires = new HashMap<>();
    for (int step = 0; step < alertTimeline.steps(); step++) {
      stepped.signals.set(rule.signal(), alertTimeline.subject(), alertTimeline.value(step));
      stepped.step(STEP);
      fires.put(step, stepped.state(rule.name()).filter(AlertState::active).isPresent());
    }
    assertThat(alertTimeline.checks()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(alertTimeline.checks())
        .allSatisfy(check -> assertThat(fires.get(check.step())).isEqualTo(check.fires()));
    String key = new Alert.Key(rule.name(), alertTimeline.subject()).toString();
    assertThat(stepped.told).containsExactly("firing " + key, "resolved " + key);
  }

  static Stream<AlertRule> defaults() {
    return AlertRules.DEFAULTS.rules().stream();
  }

  @Test
  void anAlertFiresOnlyAfterAllOfItsTime() {
    see(150);
    assertThat(alerts.state("backlog")).contains(AlertState.PENDING);
    alerts.step(Duration.ofSeconds(59));
    assertThat(alerts.state("backlog")).contains(AlertState.PENDING);
    Outcome outcome = alerts.step(Duration.ofSeconds(1));
    assertThat(alerts.state("backlog")).contains(AlertState.FIRING);
    assertThat(outcome.transitions()).extracting(Transition::state).containsOnly(AlertState.FIRING);
    assertThat(outcome.announced()).hasSize(1);
    assertThat(alerts.step(STEP).announced()).isEmpty();
  }

  @Test
  void aPendingOneThatRecoversIsForgotten() {
    Outcome began = see(150);
    UUID id = began.alerts().getFirst().id();
    assertThat(see(100).dropped()).containsExactly(id);
    assertThat(alerts.state("backlog")).isEmpty();
    see(150);
    alerts.step(Duration.ofSeconds(45));
    assertThat(alerts.state("backlog")).contains(AlertState.PENDING);
    assertThat(alerts.told).isEmpty();
  }

  @Test
  void betweenTheThresholdsNothingBeginsAndNothingEnds() {
    see(80);
    assertThat(alerts.state("backlog")).isEmpty();
    fire();
    see(80);
    assertThat(alerts.state("backlog")).contains(AlertState.FIRING);
    Outcome outcome = see(50);
    assertThat(outcome.transitions()).extracting(Transition::note).containsExactly("recovered");
    assertThat(outcome.announced()).extracting(Alert::state).containsExactly(AlertState.RESOLVED);
    assertThat(outcome.announced().getFirst().message()).contains("recovered (50)");
  }

  @Test
  void aRuleMayWatchForTooLittle() {
    AlertRule rule =
        RuleText.rule(
            """
            {'name':'idle','signal':'queue_backlog','comparison':'below','threshold':1,
             'clear_threshold':5,'window_seconds':60}
            """);
    alerts.rules = new AlertRules(List.of(rule));
    see(0);
    assertThat(alerts.state("idle")).contains(AlertState.FIRING);
    see(3);
    assertThat(alerts.state("idle")).contains(AlertState.FIRING);
    see(5);
    assertThat(alerts.state("idle")).isEmpty();
  }

  @Test
  void whatIsNotSeenAnyMoreIsBelievedForAWhile() {
    fire();
    alerts.signals.remove(BACKLOG, CLEANUP);
    alerts.step(Duration.ofSeconds(299));
    assertThat(alerts.state("backlog")).contains(AlertState.FIRING);
    Outcome outcome = alerts.step(Duration.ofSeconds(1));
    assertThat(outcome.transitions())
        .extracting(Transition::note)
        .containsExactly("not seen for 300 s");
    assertThat(alerts.told).containsExactly(told("firing"), told("resolved"));
  }

  @Test
  void fewRequestsTellNothing() {
    AlertRule rule = counted();
    alerts.rules = new AlertRules(List.of(rule));
    alerts.signals.set(ERRORS, new Reading(Labels.NONE, 1, 49));
    alerts.step(STEP);
    assertThat(alerts.state("errors")).isEmpty();
    alerts.signals.set(ERRORS, new Reading(Labels.NONE, 1, 50));
    alerts.step(STEP);
    assertThat(alerts.state("errors")).contains(AlertState.FIRING);
    alerts.signals.set(ERRORS, new Reading(Labels.NONE, 0, 49));
    alerts.step(STEP);
    assertThat(alerts.state("errors")).contains(AlertState.FIRING);
    alerts.signals.set(ERRORS, new Reading(Labels.NONE, Double.NaN, 100));
    alerts.step(STEP);
    assertThat(alerts.state("errors")).contains(AlertState.FIRING);
  }

  @Test
  void aSignalThatCannotBeReadChangesNothing() {
    fire();
    Outcome outcome = alerts.step(Duration.ofDays(1), Map.of());
    assertThat(outcome.transitions()).isEmpty();
    assertThat(alerts.state("backlog")).contains(AlertState.FIRING);
  }

  @Test
  void theAlertsOfARemovedRuleEnd() {
    fire();
    alerts.rules = new AlertRules(List.of());
    Outcome outcome = alerts.step(STEP);
    assertThat(outcome.transitions())
        .extracting(Transition::note)
        .containsExactly("the rule was removed");
  }

  @Test
  void anAcknowledgedAlertGoesOnAndEnds() {
    fire();
    alerts.acknowledge("backlog");
    see(150);
    assertThat(alerts.state("backlog")).contains(AlertState.ACKNOWLEDGED);
    see(10);
    assertThat(alerts.told).containsExactly(told("firing"), told("resolved"));
  }

  @Test
  void aSilencedAlertIsToldOfOnceItsSilenceIsOver() {
    silence(new Silence.Matcher("queue", "cleanup"), Duration.ofMinutes(5));
    fire();
    assertThat(alerts.open("backlog", CLEANUP).orElseThrow().mutedBy()).isPresent();
    alerts.step(Duration.ofMinutes(2));
    assertThat(alerts.told).isEmpty();
    alerts.step(Duration.ofMinutes(2));
    assertThat(alerts.told).containsExactly(told("firing"));
    assertThat(alerts.open("backlog", CLEANUP).orElseThrow().mutedBy()).isEmpty();
  }

  @Test
  void anAlertThatNobodyWasToldOfEndsInSilence() {
    silence(new Silence.Matcher("rule", "backlog"), Duration.ofHours(1));
    fire();
    see(0);
    assertThat(alerts.told).isEmpty();
  }

  @Test
  void whoeverWasToldIsToldOfTheEndAlsoThroughASilence() {
    fire();
    silence(new Silence.Matcher("severity", "warning"), Duration.ofHours(1));
    see(0);
    assertThat(alerts.told).containsExactly(told("firing"), told("resolved"));
  }

  @Test
  void aSilenceOfOthersIsNotOurs() {
    silence(new Silence.Matcher("queue", "notifications"), Duration.ofHours(1));
    fire();
    assertThat(alerts.told).hasSize(1);
  }

  @Test
  void whatFollowsFromAFailedComponentIsNotTold() {
    SteppedAlerts all = new SteppedAlerts(AlertRules.DEFAULTS);
    Labels postgres = Labels.of("component", "postgresql");
    all.signals.set(DOWN, postgres, 1);
    all.signals.set(ERRORS, Labels.NONE, 0.5);
    for (int i = 0; i < 8; i++) {
      all.step(STEP);
    }
    assertThat(all.state("error-rate")).contains(AlertState.FIRING);
    assertThat(all.open("error-rate", Labels.NONE).orElseThrow().mutedBy())
        .contains("component-failing {component=postgresql}");
    assertThat(all.told).containsExactly("firing component-failing {component=postgresql}");
    all.signals.set(DOWN, postgres, 0);
    all.step(STEP);
    all.step(STEP);
    assertThat(all.told)
        .containsExactlyInAnyOrder(
            "firing component-failing {component=postgresql}",
            "resolved component-failing {component=postgresql}",
            "firing error-rate");
  }

  @Test
  void anotherComponentInhibitsNothing() {
    SteppedAlerts all = new SteppedAlerts(AlertRules.DEFAULTS);
    all.signals.set(DOWN, Labels.of("component", "async_processor"), 1);
    all.signals.set(ERRORS, Labels.NONE, 0.5);
    for (int i = 0; i < 8; i++) {
      all.step(STEP);
    }
    assertThat(all.told).hasSize(2);
  }

  @Test
  void inhibitionCanWantTheSameSubject() {
    AlertRule plain = AlertRule.of("plain", BACKLOG, 10);
    AlertRule worse =
        RuleText.rule(
            """
            {'name':'worse','signal':'queue_backlog','threshold':100,
             'inhibits':[{'rules':['plain'],'equal':['queue']}]}
            """);
    SteppedAlerts two = new SteppedAlerts(new AlertRules(List.of(plain, worse)));
    two.signals.set(BACKLOG, CLEANUP, 500);
    two.signals.set(BACKLOG, Labels.of("queue", "other"), 20);
    two.step(STEP);
    assertThat(two.told)
        .containsExactlyInAnyOrder("firing worse {queue=cleanup}", "firing plain {queue=other}");
  }

  @Test
  void aRuleLooksOnlyWhereItIsTold() {
    AlertRule rule =
        RuleText.rule(
            "{'name':'one','signal':'queue_backlog','threshold':10,'where':{'queue':'cleanup'}}");
    SteppedAlerts one = new SteppedAlerts(new AlertRules(List.of(rule)));
    one.signals.set(BACKLOG, CLEANUP, 500);
    one.signals.set(BACKLOG, Labels.of("queue", "other"), 500);
    one.step(STEP);
    assertThat(one.told).containsExactly("firing one {queue=cleanup}");
  }

  @Test
  void theAlertsOfARuleAreBounded() {
    alerts.rules = new AlertRules(List.of(AlertRule.of("backlog", BACKLOG, 10)));
    IntStream.range(0, 1_200)
        .forEach(i -> alerts.signals.set(BACKLOG, Labels.of("queue", "q" + i), 50));
    assertThat(alerts.step(STEP).alerts()).hasSize(AlertStateMachine.MOST_ALERTS_OF_A_RULE);
    assertThat(alerts.step(STEP).alerts()).hasSize(AlertStateMachine.MOST_ALERTS_OF_A_RULE);
  }

  /// Whatever a signal does: people hear of firing and end in turn, and never of an alert that was
  /// not above its threshold for all of its time.
  @Property(tries = 300)
  void whatPeopleHearAlternates(
      @ForAll @Size(max = 80) List<@IntRange(min = 0, max = 160) Integer> values) {
    SteppedAlerts random = new SteppedAlerts(new AlertRules(List.of(backlog())));
    List<Integer> seen = new ArrayList<>();
    for (int value : values) {
      seen.add(value);
      random.signals.set(BACKLOG, CLEANUP, value);
      int before = random.told.size();
      random.step(STEP);
      List<String> now = random.told.subList(before, random.told.size());
      assertThat(now).hasSizeLessThanOrEqualTo(1);
      if (now.contains(told("firing"))) {
        assertThat(seen).hasSizeGreaterThanOrEqualTo(5);
        assertThat(seen.subList(seen.size() - 5, seen.size())).allMatch(v -> v > 100);
      } else if (now.contains(told("resolved"))) {
        assertThat(value).isLessThanOrEqualTo(50);
      }
    }
    for (int i = 0; i < random.told.size(); i++) {
      assertThat(random.told.get(i)).isEqualTo(told(i % 2 == 0 ? "firing" : "resolved"));
    }
  }

  private Outcome see(double value) {
    alerts.signals.set(BACKLOG, CLEANUP, value);
    return alerts.step(STEP);
  }

  private void fire() {
    see(150);
    alerts.step(Duration.ofMinutes(1));
    assertThat(alerts.state("backlog")).contains(AlertState.FIRING);
  }

  private void silence(Silence.Matcher matcher, Duration length) {
    UUID id = new UUID(9, alerts.silences.size());
    alerts.silences.add(
        new Silence(id, List.of(matcher), alerts.now, alerts.now.plus(length), "me", "test"));
  }

  private static String told(String state) {
    return state + " backlog {queue=cleanup}";
  }

  private static AlertRule backlog() {
    return new AlertRule(
        "backlog", BACKLOG, null, 100.0, 60, 60, 50.0, null, 300, null, null, null, null);
  }

  private static AlertRule counted() {
    return new AlertRule(
        "errors", ERRORS, null, 0.05, 60, 0, 0.03, 50L, 300, null, null, null, null);
  }
}
