package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.monitoring.alerts.AlertStateMachine.Before;
import io.soilhub.scalability.monitoring.alerts.AlertStateMachine.Outcome;
import io.soilhub.scalability.monitoring.alerts.AlertStateMachine.Query;
import io.soilhub.scalability.monitoring.alerts.NotificationDelivery.Owed;
import io.soilhub.scalability.monitoring.alerts.SignalSource.Reading;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Evaluates the rules: reads the signals and the alerts, decides, and writes alerts, history and
/// what is to be sent in one transaction. That transaction only begins when nobody has evaluated
/// since anything was read, so that a replica that stood still in between changes nothing. It holds
/// the row that acknowledgements wait for, so that nothing is decided in it.
final class AlertEvaluation {

  private static final Logger LOG = System.getLogger(AlertEvaluation.class.getName());

  /// Alerts that are forgotten in one transaction.
  private static final int BATCH = 2_000;

  /// More than can end between two calls; the next call goes on.
  private static final int MOST_BATCHES = 10_000;

  private final Database database;
  private final List<SignalSource> signals;
  private final AlertSettings settings;
  private final Uuid7 ids;
  private final String node;
  private volatile Before last;

  /// @param node of this replica, for the record
  AlertEvaluation(
      Database database,
      List<SignalSource> signals,
      AlertSettings settings,
      Uuid7 ids,
      String node) {
    this.database = database;
    this.signals = List.copyOf(signals);
    this.settings = settings;
    this.ids = ids;
    this.node = node;
    this.last =
        new Before(AlertRules.DEFAULTS, List.of(), List.of(), Instant.EPOCH, settings.longestGap());
  }

  /// Evaluates when the last evaluation, on whichever replica, is an interval ago. To be called
  /// about once a second by the replica that leads.
  ///
  /// @return whether it did
  boolean step() {
    Optional<Long> due =
        database.inStatement(connection -> AlertStore.due(connection, settings.interval()));
    return due.isPresent() && evaluate(due.get());
  }

  /// @param version the number of the evaluation before
  /// @return false when another replica was first
  boolean evaluate(long version) {
    AlertRules rules = database.inStatement(AlertRuleStore::read).rules();
    Map<Query, List<Reading>> readings = readings(rules);
    Instant now = database.inStatement(AlertStore::now);
    Before before = database.inTransaction(this::before);
    Outcome outcome = AlertStateMachine.step(before, readings, now, ids::next);
    List<Owed> owed = owed(before.rules(), outcome.announced());
    boolean first =
        database.inTransaction(
            connection -> {
              boolean begun = AlertStore.begin(connection, version, node).isPresent();
              if (begun) {
                AlertStore.write(connection, outcome);
                AlertOutbox.add(connection, owed);
              }
              return begun;
            });
    if (first) {
      last = before;
      log(outcome);
    }
    return first;
  }

  /// What the last evaluation on this replica went by; the defaults before there was one.
  Before last() {
    return last;
  }

  /// Deletes all alerts and silences that ended long ago, a batch at a time. To be called every few
  /// minutes.
  void forget() {
    Duration age = settings.retention();
    inBatches(connection -> AlertRuleStore.forgetSilences(connection, age, BATCH));
    inBatches(connection -> AlertStore.forget(connection, age, BATCH));
  }

  private void inBatches(Database.Work<Integer> forget) {
    int forgotten = BATCH;
    for (int batch = 0; forgotten == BATCH && batch < MOST_BATCHES; batch++) {
      forgotten = database.inTransaction(forget);
    }
  }

  private Before before(Connection connection) throws SQLException {
    return new Before(
        AlertRuleStore.read(connection).rules(),
        AlertStore.open(connection),
        AlertRuleStore.activeSilences(connection),
        AlertStore.evaluatedAt(connection),
        settings.longestGap());
  }

  private List<Owed> owed(AlertRules rules, List<Alert> announced) {
    return AlertNotification.of(rules, announced).stream()
        .flatMap(alertNotification -> settings.owed(alertNotification, ids::next).stream())
        .toList();
  }

  /// A signal that cannot be read is left out: its rules stay as they are.
  private Map<Query, List<Reading>> readings(AlertRules rules) {
    Map<Query, List<Reading>> readings = new HashMap<>();
    for (AlertRule rule : rules.rules()) {
      readings.computeIfAbsent(Query.of(rule), this::answer);
    }
    return readings;
  }

  private List<Reading> answer(Query query) {
    try {
      return signals.stream()
          .flatMap(source -> source.readings(query.signal(), query.window()).stream())
          .toList();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "{0} cannot be read: {1}", query.signal().text(), e.toString());
      return null;
    }
  }

  static void log(Outcome outcome) {
    for (Alert alert : outcome.announced()) {
      boolean over = alert.state() == AlertState.RESOLVED;
      LOG.log(
          over ? Level.INFO : Level.WARNING,
          "alert {0} ({1}) {2}",
          alert.state().text(),
          alert.severity().text(),
          alert.message().replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " "));
    }
  }
}
