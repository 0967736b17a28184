package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.jobs.notifications.Delivery.Delivered;
import io.soilhub.scalability.monitoring.alerts.AlertSignal.Kind;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.http.IfMatch;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.LeaderElection;
import io.soilhub.scalability.platform.postgres.Sql;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Evaluations of several replicas on a real PostgreSQL. Time passes by moving the rows back, so
/// that nothing waits.
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class AlertEvaluationIT {

  private static final AlertSignal BACKLOG = AlertSignal.of(Kind.QUEUE_BACKLOG);
  private static final Labels CLEANUP = Labels.of("queue", "cleanup");
  private static final Duration INTERVAL = Duration.ofMinutes(10);

  private final FixedSignals signals = new FixedSignals();
  private final Uuid7 ids = new Uuid7(Clock.systemUTC(), new Random(7));
  private final List<String> sent = new ArrayList<>();
  private String url;
  private Database database;
  private Alerts alerts;

  @BeforeEach
  void open() {
    url = TestPostgres.shared().newDatabase();
    database = TestPostgres.open(url);
    database.migrate();
    alerts = new Alerts(database, ids);
    alerts.replace(new AlertRules(List.of(backlog(60))), IfMatch.of("*"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void anAlertFiresIsAcknowledgedEndsAndStaysInTheHistoryAfterARestart() {
    AlertEvaluation replica = replica(database, "a");
    see(150);
    assertThat(replica.step()).isTrue();
    assertThat(replica.step()).as("not before the interval is over").isFalse();
    assertThat(only().state()).isEqualTo(AlertState.PENDING);
    assertThat(sent()).isEmpty();

    pass(Duration.ofMinutes(1));
    assertThat(replica.step()).isTrue();
    UUID id = only().id();
    assertThat(only().state()).isEqualTo(AlertState.FIRING);
    assertThat(sent()).containsExactly("[warning] backlog (firing: 1)");

    alerts.acknowledge(id, "grower", "looking");
    pass(INTERVAL);
    replica.step();
    assertThat(only().state()).isEqualTo(AlertState.ACKNOWLEDGED);
    assertThat(only().acknowledgedBy()).contains("grower");

    see(10);
    pass(INTERVAL);
    replica.step();
    assertThat(sent()).containsExactly("[warning] backlog (resolved: 1)");
    try (Database restarted = TestPostgres.open(url)) {
      AlertView told = new Alerts(restarted, ids).get(id);
      assertThat(told.state()).isEqualTo(AlertState.RESOLVED);
      assertThat(told.history().orElseThrow())
          .extracting(AlertView.Event::state)
          .containsExactly(
              AlertState.PENDING, AlertState.FIRING, AlertState.ACKNOWLEDGED, AlertState.RESOLVED);
      assertThat(told.history().orElseThrow().get(2).note()).isEqualTo("looking");
    }
    assertThatThrownBy(() -> alerts.acknowledge(id, "grower", ""))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.CONFLICT));
  }

  @Test
  void whenTheLeaderEndsAnotherGoesOnAndNothingIsToldTwice() {
    AtomicLong nanos = new AtomicLong();
    try (Database other = TestPostgres.open(url);
        LeaderElection second = new LeaderElection(other, "alerts-test", nanos::get)) {
      LeaderElection first = new LeaderElection(database, "alerts-test", nanos::get);
      first.step();
      second.step();
      assertThat(first.isLeader() && !second.isLeader()).isTrue();
      AlertEvaluation a = replica(database, "a");
      AlertEvaluation b = replica(other, "b");
      see(150);
      stepIf(first, a);
      stepIf(second, b);
      pass(Duration.ofMinutes(1));
      stepIf(first, a);
      first.close();
      Await.until(
          "the second leads",
          Duration.ofSeconds(20),
          () -> {
            second.step();
            return second.isLeader();
          });
      pass(INTERVAL);
      stepIf(first, a);
      stepIf(second, b);
      assertThat(sent()).containsExactly("[warning] backlog (firing: 1)");
      see(10);
      pass(INTERVAL);
      stepIf(second, b);
      assertThat(sent()).containsExactly("[warning] backlog (resolved: 1)");
      assertThat(alerts.list(Optional.empty(), Optional.empty(), 10)).hasSize(1);
    }
  }

  @Test
  void ofEvaluationsAtTheSameTimeOneCounts() throws Exception {
    rules(backlog(0));
    see(150);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 10; round++) {
        see(round % 2 == 0 ? 150 : 10);
        pass(INTERVAL);
        List<Future<Boolean>> all =
            IntStream.range(0, 4)
                .mapToObj(i -> threads.submit(() -> replica(database, "r" + i).step()))
                .toList();
        int done = 0;
        for (Future<Boolean> one : all) {
          done += one.get(20, TimeUnit.SECONDS) ? 1 : 0;
        }
        assertThat(done).isEqualTo(1);
      }
    }
    assertThat(sent()).hasSize(10);
    assertThat(alerts.list(Optional.empty(), Optional.empty(), 20)).hasSize(5);
  }

  @Test
  void aReplicaThatStoodStillAfterReadingChangesNothing() {
    rules(backlog(0));
    see(150);
    FixedSignals old = new FixedSignals();
    old.set(BACKLOG, CLEANUP, 10);
    AlertEvaluation stopped =
        new AlertEvaluation(database, List.of(old), settings(), ids, "stopped");
    AlertEvaluation other = replica(database, "other");
    old.whileReading =
        () -> {
          old.whileReading = () -> {};
          assertThat(other.step()).isTrue();
        };
    assertThat(stopped.step()).isFalse();
    assertThat(only().state()).isEqualTo(AlertState.FIRING);
    assertThat(sent()).hasSize(1);
  }

  @Test
  void anAcknowledgementDuringAnEvaluationIsNotOverwritten() throws Exception {
    rules(backlog(0));
    see(150);
    AlertEvaluation replica = replica(database, "a");
    replica.step();
    UUID id = only().id();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 20; i++) {
        pass(INTERVAL);
        Future<Boolean> step = threads.submit(replica::step);
        Future<AlertView> known = threads.submit(() -> alerts.acknowledge(id, "me", ""));
        assertThat(step.get(20, TimeUnit.SECONDS)).isTrue();
        known.get(20, TimeUnit.SECONDS);
        assertThat(only().state()).isEqualTo(AlertState.ACKNOWLEDGED);
        reopen(id);
      }
    }
  }

  @Test
  void anAcknowledgementBetweenDecisionAndWriteDoesNotWaitAndStays() {
    rules(backlog(0));
    see(150);
    replica(database, "a").step();
    UUID id = only().id();
    signals.set(BACKLOG, Labels.of("queue", "other"), 150);
    pass(INTERVAL);
    // The ids of the second alert and its notice are asked for while the evaluation decides.
    Uuid7 acknowledging =
        new Uuid7(
            Clock.systemUTC(),
            () -> {
              alerts.acknowledge(id, "grower", "meanwhile");
              return 1;
            });
    assertThat(
            new AlertEvaluation(database, List.of(signals), settings(), acknowledging, "a").step())
        .isTrue();
    assertThat(alerts.get(id).state()).isEqualTo(AlertState.ACKNOWLEDGED);
  }

  @Test
  void whoRepeatsHimselfIsNotKeptAgainAndNobodyAcknowledgesWithoutEnd() {
    rules(backlog(0));
    see(150);
    replica(database, "a").step();
    UUID id = only().id();
    for (int i = 0; i < 3; i++) {
      alerts.acknowledge(id, "grower", "looking");
    }
    assertThat(alerts.get(id).history().orElseThrow()).hasSize(2);
    for (int i = 1; i < AlertStore.MOST_ACKNOWLEDGEMENTS; i++) {
      alerts.acknowledge(id, "grower", "note " + i);
    }
    assertThatThrownBy(() -> alerts.acknowledge(id, "grower", "once more"))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.type()).isEqualTo("too-many-acknowledgements"));
    assertThat(count("alert_event")).isEqualTo(1 + AlertStore.MOST_ACKNOWLEDGEMENTS);
  }

  @Test
  void silencesThatEndedArePutAwayAsNewOnesCome() {
    update(
        """
        INSERT INTO alert_silence (silence_id, matchers, starts_at, ends_at, by, comment)
        SELECT gen_random_uuid(), '[]', 'epoch', now() - i * interval '1 s', 'me', ''
        FROM generate_series(1, 1050) AS i
        """);
    Instant ends = Instant.now().plus(Duration.ofHours(1));
    List<Silence.Matcher> matchers = List.of(new Silence.Matcher("queue", "cleanup"));
    alerts.silence(new Silence.Wanted(matchers, null, ends, "me", "import"), Optional.empty());
    assertThat(count("alert_silence")).isEqualTo(AlertRuleStore.MOST_ENDED + 1);
    assertThat(alerts.silences(Optional.empty(), 10)).hasSize(1);
  }

  @Test
  void rulesThatWereReplacedAreKeptAndCanBePutBack() {
    AlertRules mine = alerts.rules().rules();
    long version = alerts.rules().version();
    alerts.replace(AlertRules.DEFAULTS, IfMatch.of("*"));
    assertThat(alerts.versions(Optional.empty(), 10).getFirst().version()).isEqualTo(version);
    assertThat(alerts.rules("" + version)).isEqualTo(mine);
    assertThatThrownBy(() -> alerts.rules("999")).isInstanceOf(Problem.class);
    for (int i = 0; i <= AlertRuleStore.MOST_VERSIONS; i++) {
      alerts.replace(AlertRules.DEFAULTS, IfMatch.of("*"));
    }
    assertThat(count("alert_rules_version")).isEqualTo(AlertRuleStore.MOST_VERSIONS);
  }

  @Test
  void whatEndedLongAgoIsForgottenWithItsHistory() {
    rules(backlog(0));
    AlertEvaluation replica = replica(database, "a");
    see(150);
    replica.step();
    see(10);
    pass(INTERVAL);
    replica.step();
    replica.forget();
    assertThat(alerts.list(Optional.empty(), Optional.empty(), 10)).hasSize(1);
    pass(Duration.ofDays(2));
    replica.forget();
    assertThat(alerts.list(Optional.empty(), Optional.empty(), 10)).isEmpty();
    assertThat(count("alert_event")).isZero();
  }

  @Test
  void aSignalThatFailsIsPassedOver() {
    rules(backlog(0));
    see(150);
    SignalSource broken =
        (signal, _) -> {
          throw new IllegalStateException(signal.text());
        };
    assertThat(replica(database, "a").step()).isTrue();
    pass(INTERVAL);
    assertThat(new AlertEvaluation(database, List.of(broken), settings(), ids, "b").step())
        .isTrue();
    assertThat(only().state()).isEqualTo(AlertState.FIRING);
  }

  private void see(double value) {
    signals.set(BACKLOG, CLEANUP, value);
  }

  private void rules(AlertRule rule) {
    alerts.replace(new AlertRules(List.of(rule)), IfMatch.of("*"));
  }

  private AlertEvaluation replica(Database own, String node) {
    return new AlertEvaluation(own, List.of(signals), settings(), ids, node);
  }

  private static void stepIf(LeaderElection leaderElection, AlertEvaluation replica) {
    if (leaderElection.isLeader()) {
      replica.step();
    }
  }

  private AlertView only() {
    List<AlertView> all = alerts.list(Optional.empty(), Optional.empty(), 10);
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  /// Subjects of the messages sent since the last call.
  private List<String> sent() {
    sent.clear();
    new NotificationDelivery(
            new AlertOutbox(database),
            (_, message) -> {
              sent.add(message.path("subject").asText());
              return new Delivered(OptionalInt.empty());
            },
            Set.of("webhook"),
            Runnable::run)
        .step(true);
    return List.copyOf(sent);
  }

  /// The next evaluation is due, and all that is known is that much older.
  private void pass(Duration time) {
    long millis = time.toMillis();
    update("UPDATE alert_evaluation SET evaluated_at = 'epoch'");
    update(
        """
        UPDATE alert SET started_at = started_at - ?1, seen_at = seen_at - ?1,
          fired_at = fired_at - ?1, resolved_at = resolved_at - ?1
        """
            .replace("?1", millis + " * interval '1 ms'"));
  }

  private void reopen(UUID id) {
    update("UPDATE alert SET state = 'firing' WHERE alert_id = ?", id);
  }

  private int count(String table) {
    return database.inStatement(
        connection ->
            Sql.read(connection, "SELECT count(*) FROM " + table, row -> row.getInt(1)).getFirst());
  }

  private void update(String sql, Object... values) {
    database.inTransaction(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
              statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
          }
        });
  }

  private static AlertSettings settings() {
    return new AlertSettings(INTERVAL, true, List.of(), Duration.ofDays(1));
  }

  private static AlertRule backlog(int seconds) {
    return new AlertRule(
        "backlog", BACKLOG, null, 100.0, 60, seconds, 50.0, null, 300, null, null, null, null);
  }
}
