package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.monitoring.alerts.AlertSignal.Kind;
import io.soilhub.scalability.telemetry.metrics.Labels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Time in which nobody looked, because every replica or PostgreSQL was down.
class AlertGapTest {

  private static final AlertSignal BACKLOG = AlertSignal.of(Kind.QUEUE_BACKLOG);
  private static final Labels CLEANUP = Labels.of("queue", "cleanup");
  private static final Duration STEP = Duration.ofSeconds(15);
  private static final Duration DOWN = Duration.ofMinutes(10);

  private final SteppedAlerts alerts =
      new SteppedAlerts(
          new AlertRules(
              List.of(
                  RuleText.rule(
                      """
                      {'name':'backlog','signal':'queue_backlog','threshold':100,
                       'for_seconds':90,'stale_seconds':300}
                      """))));

  @BeforeEach
  void bad() {
    alerts.longestGap = Duration.ofMinutes(1);
    alerts.signals.set(BACKLOG, CLEANUP, 150);
  }

  @Test
  void doesNotCountAsBad() {
    step(STEP, 5);
    assertThat(alerts.state("backlog")).contains(AlertState.PENDING);
    step(DOWN, 1);
    assertThat(alerts.state("backlog")).contains(AlertState.PENDING);
    step(STEP, 5);
    assertThat(alerts.state("backlog")).contains(AlertState.PENDING);
    step(STEP, 1);
    assertThat(alerts.state("backlog")).contains(AlertState.FIRING);
  }

  @Test
  void doesNotCountAsBadWhenOnlyTheSignalCouldNotBeRead() {
    step(STEP, 5);
    for (int i = 0; i < 10; i++) {
      alerts.step(STEP, Map.of());
    }
    step(STEP, 1);
    assertThat(alerts.state("backlog")).contains(AlertState.PENDING);
  }

  @Test
  void isNoGapWhileALeaderFollowsAnother() {
    step(STEP, 5);
    step(Duration.ofSeconds(30), 1);
    assertThat(alerts.state("backlog")).contains(AlertState.FIRING);
  }

  @Test
  void doesNotCountAsUnseen() {
    step(STEP, 7);
    alerts.signals.remove(BACKLOG, CLEANUP);
    step(DOWN, 1);
    assertThat(alerts.state("backlog")).contains(AlertState.FIRING);
    step(STEP, 19);
    assertThat(alerts.state("backlog")).contains(AlertState.FIRING);
    step(STEP, 1);
    assertThat(alerts.state("backlog")).isEmpty();
  }

  @Test
  void doesNotCountAsUnseenWhenOnlyTheSignalCouldNotBeRead() {
    step(STEP, 7);
    for (int i = 0; i < 40; i++) {
      alerts.step(STEP, Map.of());
    }
    alerts.signals.remove(BACKLOG, CLEANUP);
    step(STEP, 19);
    assertThat(alerts.state("backlog")).contains(AlertState.FIRING);
    step(STEP, 1);
    assertThat(alerts.state("backlog")).isEmpty();
  }

  private void step(Duration passed, int times) {
    for (int i = 0; i < times; i++) {
      alerts.step(passed);
    }
  }
}
