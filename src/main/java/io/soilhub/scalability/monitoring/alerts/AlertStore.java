package io.soilhub.scalability.monitoring.alerts;

import static io.soilhub.scalability.platform.postgres.Sql.time;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.soilhub.scalability.monitoring.alerts.Alert.Seen;
import io.soilhub.scalability.monitoring.alerts.AlertRule.Severity;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Sql;
import io.soilhub.scalability.telemetry.metrics.Labels;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Alerts and their history in PostgreSQL, in transactions of the callers'. All times that are
/// taken here are the database's.
final class AlertStore {

  /// Also when the last evaluation is still to come: then the clock was set back.
  private static final String DUE =
      """
      SELECT version FROM alert_evaluation
      WHERE evaluated_at <= statement_timestamp() - ? * interval '1 ms'
         OR evaluated_at > clock_timestamp()
      """;

  private static final String VERSION = "SELECT version FROM alert_evaluation";
  private static final String BEGIN =
      """
      UPDATE alert_evaluation
      SET version = version + 1, evaluated_at = clock_timestamp(), evaluated_by = ?
      WHERE version = ? RETURNING evaluated_at
      """;
  private static final String NOW = "SELECT clock_timestamp() AS now";
  private static final String EVALUATED = "SELECT evaluated_at FROM alert_evaluation";
  private static final String LOCK = "SELECT 1 FROM alert_evaluation FOR UPDATE";
  private static final String OPEN =
      "SELECT * FROM alert WHERE source = 'rules' AND state <> 'resolved' ORDER BY alert_id";
  private static final String WRITE =
      """
      INSERT INTO alert (alert_id, source, rule, subject, severity, state, value, threshold, message,
                         started_at, seen_at, fired_at, resolved_at, reason, muted_by, announced)
      VALUES (?, 'rules', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (alert_id) DO UPDATE
      SET severity = excluded.severity,
          state = CASE WHEN alert.state = 'acknowledged' AND excluded.state = 'firing'
                       THEN alert.state ELSE excluded.state END,
          value = excluded.value,
          threshold = excluded.threshold, message = excluded.message,
          started_at = excluded.started_at, seen_at = excluded.seen_at,
          fired_at = excluded.fired_at, resolved_at = excluded.resolved_at,
          reason = excluded.reason, muted_by = excluded.muted_by, announced = excluded.announced
      """;
  private static final String DROP = "DELETE FROM alert WHERE alert_id = ANY (?)";
  private static final String EVENT =
      "INSERT INTO alert_event (alert_id, at, state, value, by, note) VALUES (?, ?, ?, ?, ?, ?)";

  /// What came of an acknowledgement.
  enum Acknowledged {
    DONE,
    NOT_FIRING,
    TOO_OFTEN
  }

  private record Known(String by, String note) {}

  /// Of one alert: nobody reads more.
  static final int MOST_ACKNOWLEDGEMENTS = 100;

  private static final String KNOWN =
      """
      SELECT e.by, e.note FROM alert_event e JOIN alert USING (alert_id)
      WHERE alert_id = ? AND e.state = 'acknowledged' AND alert.state = 'acknowledged'
      ORDER BY event_id DESC LIMIT %d
      """
          .formatted(MOST_ACKNOWLEDGEMENTS);
  private static final String ACKNOWLEDGE =
      """
      UPDATE alert SET state = 'acknowledged', acknowledged_by = ?,
        acknowledged_at = coalesce(acknowledged_at, clock_timestamp())
      WHERE alert_id = ? AND state IN ('firing', 'acknowledged')
      RETURNING value
      """;
  private static final String FORGET =
      """
      DELETE FROM alert WHERE alert_id IN (
        SELECT alert_id FROM alert WHERE resolved_at < statement_timestamp() - ? * interval '1 ms'
        ORDER BY resolved_at LIMIT ?)
      """;

  private AlertStore() {}

  /// The number to evaluate under, when the last evaluation is so long ago.
  static Optional<Long> due(Connection connection, Duration interval) throws SQLException {
    return Sql.first(connection, DUE, row -> row.getLong(1), interval.toMillis());
  }

  /// The number of the last evaluation.
  static long version(Connection connection) throws SQLException {
    return Sql.read(connection, VERSION, row -> row.getLong(1)).getFirst();
  }

  /// Begins the writes of an evaluation; others wait until the caller's transaction ends.
  ///
  /// @return the time; empty when somebody else has evaluated since `version` was read
  static Optional<Instant> begin(Connection connection, long version, String node)
      throws SQLException {
    return Sql.first(connection, BEGIN, row -> time(row, "evaluated_at"), node, version)
        .flatMap(at -> at);
  }

  /// Pending, firing and acknowledged alerts of the rules.
  static List<Alert> open(Connection connection) throws SQLException {
    return Sql.read(connection, OPEN, AlertStore::alert);
  }

  /// When an evaluation was last written; long ago when none was.
  static Instant evaluatedAt(Connection connection) throws SQLException {
    return Sql.read(connection, EVALUATED, row -> time(row, "evaluated_at"))
        .getFirst()
        .orElseThrow();
  }

  /// Keeps evaluations out until the caller's transaction ends.
  static void lock(Connection connection) throws SQLException {
    Sql.read(connection, LOCK, row -> row.getInt(1));
  }

  /// An acknowledgement that came after the decision stays.
  static void write(Connection connection, AlertStateMachine.Outcome outcome) throws SQLException {
    Sql.update(connection, DROP, Sql.array("uuid", outcome.dropped()));
    Sql.batch(connection, WRITE, outcome.alerts().stream().map(AlertStore::columns).toList());
    Sql.batch(
        connection,
        EVENT,
        outcome.transitions().stream()
            .map(t -> new Object[] {t.alertId(), t.at(), t.state().text(), t.value(), "", t.note()})
            .toList());
  }

  static Acknowledged acknowledge(Connection connection, UUID id, String by, String note)
      throws SQLException {
    lock(connection);
    List<Known> known = Sql.read(connection, KNOWN, AlertStore::known, id);
    if (!known.isEmpty()
        && known.getFirst().by().equals(by)
        && known.getFirst().note().equals(note)) {
      return Acknowledged.DONE;
    }
    if (known.size() >= MOST_ACKNOWLEDGEMENTS) {
      return Acknowledged.TOO_OFTEN;
    }
    Instant now = now(connection);
    List<Optional<Double>> done =
        Sql.read(connection, ACKNOWLEDGE, row -> number(row, "value"), by, id);
    if (done.isEmpty()) {
      return Acknowledged.NOT_FIRING;
    }
    String state = AlertState.ACKNOWLEDGED.text();
    Sql.update(connection, EVENT, id, now, state, done.getFirst(), by, note);
    return Acknowledged.DONE;
  }

  /// Deletes what ended so long ago.
  ///
  /// @return how many, at most `most`
  static int forget(Connection connection, Duration age, int most) throws SQLException {
    return Sql.update(connection, FORGET, age.toMillis(), most);
  }

  static Instant now(Connection connection) throws SQLException {
    return Sql.read(connection, NOW, row -> time(row, "now")).getFirst().orElseThrow();
  }

  static Optional<Double> number(ResultSet row, String column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? Optional.empty() : Optional.of(value);
  }

  static Map<String, String> labels(ResultSet row) throws SQLException {
    try {
      return Json.mapper()
          .readValue(row.getString("subject"), new TypeReference<TreeMap<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Known known(ResultSet row) throws SQLException {
    return new Known(row.getString("by"), row.getString("note"));
  }

  private static Object[] columns(Alert alert) {
    return new Object[] {
      alert.id(),
      alert.key().rule(),
      Json.write(alert.key().subject().values()),
      alert.severity().text(),
      alert.state().text(),
      alert.seen().value(),
      alert.seen().threshold(),
      alert.message(),
      alert.since(),
      alert.seen().at(),
      alert.firedAt(),
      alert.resolvedAt(),
      alert.reason(),
      alert.mutedBy(),
      alert.announced()
    };
  }

  private static Alert alert(ResultSet row) throws SQLException {
    Seen seen =
        new Seen(
            row.getDouble("value"), row.getDouble("threshold"), time(row, "seen_at").orElseThrow());
    return new Alert(
        row.getObject("alert_id", UUID.class),
        new Alert.Key(row.getString("rule"), Labels.of(labels(row))),
        AlertState.named(row.getString("state")),
        Severity.named(row.getString("severity")).orElseThrow(),
        seen,
        time(row, "started_at").orElseThrow(),
        time(row, "fired_at"),
        time(row, "resolved_at"),
        Optional.ofNullable(row.getString("muted_by")),
        row.getBoolean("announced"),
        row.getString("reason"));
  }
}
