package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.monitoring.alerts.AlertSignal.Kind;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.http.IfMatch;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.resilience.health.HealthStatus;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Evaluations under a clock that was set back, which here means that all stored times are moved
/// into the future.
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class EvaluationClockIT {

  private static final AlertSignal BACKLOG = AlertSignal.of(Kind.QUEUE_BACKLOG);
  private static final Labels CLEANUP = Labels.of("queue", "cleanup");
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  private final FixedSignals signals = new FixedSignals();
  private final Uuid7 ids = new Uuid7(Clock.systemUTC(), new Random(7));
  private final AtomicLong nanos = new AtomicLong();
  private Database database;
  private Alerts alerts;
  private AlertEvaluation evaluation;

  @BeforeEach
  void open() {
    database = TestPostgres.open(TestPostgres.shared().newDatabase());
    database.migrate();
    alerts = new Alerts(database, ids);
    AlertSettings settings = new AlertSettings(INTERVAL, true, List.of(), Duration.ofDays(1));
    evaluation = new AlertEvaluation(database, List.of(signals), settings, ids, "a");
    AlertRule rule =
        new AlertRule(
            "backlog", BACKLOG, null, 100.0, 60, 60, 50.0, null, 30, null, null, null, null);
    alerts.replace(new AlertRules(List.of(rule)), IfMatch.of("*"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void evaluationsGoOnAtOnceAndAlertsKeepTheirTimes() {
    signals.set(BACKLOG, CLEANUP, 150);
    assertThat(evaluation.step()).isTrue();
    assertThat(evaluation.step()).as("not before the interval is over").isFalse();

    move(Duration.ofMinutes(29));
    assertThat(evaluation.step()).isTrue();
    assertThat(evaluation.step()).as("once").isFalse();
    assertThat(state()).isEqualTo(AlertState.PENDING);

    for (int step = 0; step < 4; step++) {
      move(INTERVAL.negated());
      assertThat(evaluation.step()).isTrue();
    }
    assertThat(state()).isEqualTo(AlertState.FIRING);
    move(Duration.ofMinutes(29));
    signals.remove(BACKLOG, CLEANUP);
    evaluation.step();
    assertThat(state()).isEqualTo(AlertState.FIRING);
    for (int step = 0; step < 2; step++) {
      move(INTERVAL.negated());
      evaluation.step();
    }
    assertThat(state()).as("believed for 30 s").isEqualTo(AlertState.RESOLVED);
  }

  @Test
  void evaluationsThatAreOverdueAreUnhealthyOnEveryReplica() {
    EvaluationProbe probe = new EvaluationProbe(database, () -> true, INTERVAL, nanos::get);
    assertThat(probe.report().status()).isEqualTo(HealthStatus.HEALTHY);
    pass(Duration.ofMinutes(1));
    assertThat(evaluation.step()).isTrue();
    assertThat(probe.report().status()).isEqualTo(HealthStatus.HEALTHY);
    pass(Duration.ofMinutes(1));
    assertThat(probe.report().status()).isEqualTo(HealthStatus.HEALTHY);
    pass(Duration.ofMinutes(1));
    assertThat(probe.report().status()).isEqualTo(HealthStatus.UNHEALTHY);
    assertThat(probe.report().error().orElseThrow()).contains("120 seconds");

    move(INTERVAL.negated());
    assertThat(evaluation.step()).isTrue();
    assertThat(probe.report().status()).isEqualTo(HealthStatus.HEALTHY);
  }

  @Test
  void withoutPostgresqlNothingIsEvaluated() {
    EvaluationProbe probe = new EvaluationProbe(database, () -> false, INTERVAL, nanos::get);
    assertThat(probe.report().status()).isEqualTo(HealthStatus.UNHEALTHY);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private AlertState state() {
    return alerts.list(Optional.empty(), Optional.empty(), 1).getFirst().state();
  }

  private void move(Duration by) {
    String millis = by.toMillis() + " * interval '1 ms'";
    update("UPDATE alert_evaluation SET evaluated_at = evaluated_at + " + millis);
    update(
        """
        UPDATE alert SET started_at = started_at + ?1, seen_at = seen_at + ?1,
          fired_at = fired_at + ?1, resolved_at = resolved_at + ?1
        """
            .replace("?1", millis));
  }

  private void update(String sql) {
    database.inTransaction(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return statement.executeUpdate();
          }
        });
  }
}
