package io.soilhub.scalability.monitoring.alerts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.monitoring.alerts.NotificationDelivery.Attempt;
import io.soilhub.scalability.monitoring.alerts.NotificationDelivery.Owed;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Notices in PostgreSQL, from the transition that they tell of until they are sent.
///
/// Replicas of a version that made a job of each notice may run beside this one. They hand over and
/// delete every row that they find, under its id, so that at worst a notice comes twice with one
/// id. The rows that they write lack the receiver; whoever sends them here fills it in.
final class AlertOutbox implements NotificationDelivery.Outbox {

  private record Unaddressed(UUID id, ObjectNode message) {}

  private static final Logger LOG = System.getLogger(AlertOutbox.class.getName());

  /// News that old is none.
  private static final Duration LONGEST_LIFE = Duration.ofDays(1);

  /// Of more, the oldest are dropped: the newest say how it stands.
  private static final int MOST_OWED = 10_000;

  private static final int MOST_AT_ONCE = 100;

  private static final String ADD =
      """
      INSERT INTO alert_outbox (outbox_id, receiver, rule, payload) VALUES (?, ?, ?, ?)
      ON CONFLICT (outbox_id) DO NOTHING
      """;
  private static final String UNADDRESSED =
      "SELECT outbox_id, payload FROM alert_outbox WHERE receiver IS NULL LIMIT ?";
  private static final String ADDRESS =
      "UPDATE alert_outbox SET receiver = ?, rule = ? WHERE outbox_id = ?";

  /// A next try in the far future was written before the server's clock was set back.
  private static final String DUE =
      """
      (next_try_at <= statement_timestamp() - ? * interval '1 ms'
       OR next_try_at > statement_timestamp() + interval '1 hour')
      """;

  private static final String RECEIVERS =
      """
      SELECT DISTINCT receiver FROM (
        SELECT DISTINCT ON (receiver, rule) receiver, next_try_at FROM alert_outbox
        WHERE split_part(receiver, ':', 1) = ANY (string_to_array(?, ','))
        ORDER BY receiver, rule, position) AS first
      WHERE %s LIMIT ?
      """
          .formatted(DUE);
  private static final String CLAIM =
      """
      UPDATE alert_outbox
      SET attempts = attempts + 1, next_try_at = clock_timestamp() + ? * interval '1 ms'
      WHERE outbox_id = (
        SELECT outbox_id FROM (
          SELECT DISTINCT ON (rule) outbox_id, position, next_try_at FROM alert_outbox
          WHERE receiver = ? ORDER BY rule, position) AS first
        WHERE %1$s ORDER BY position LIMIT 1)
      AND %1$s
      RETURNING outbox_id, receiver, payload, attempts
      """
          .formatted(DUE);
  private static final String RETRY =
      """
      UPDATE alert_outbox SET next_try_at = clock_timestamp() + ? * interval '1 ms'
      WHERE outbox_id = ?
      """;
  private static final String DONE = "DELETE FROM alert_outbox WHERE outbox_id = ?";
  private static final String EXPIRE =
      """
      DELETE FROM alert_outbox
      WHERE added_at < statement_timestamp() - ? * interval '1 ms'
      OR position <= (SELECT position FROM alert_outbox ORDER BY position DESC LIMIT 1 OFFSET ?)
      """;

  private final Database database;

  AlertOutbox(Database database) {
    this.database = database;
  }

  /// In the caller's transaction, which holds the row of the evaluation, so that the order of the
  /// rows is that of the transitions.
  static void add(Connection connection, List<Owed> notices) throws SQLException {
    List<Object[]> rows =
        notices.stream()
            .map(
                owed ->
                    new Object[] {
                      owed.id(), owed.receiver(), owed.rule(), Json.write(owed.message())
                    })
            .toList();
    Sql.batch(connection, ADD, rows);
  }

  @Override
  public List<String> due(Set<String> channels, Duration patience) {
    if (patience.isZero()) {
      clear();
    }
    return database.inStatement(
        connection ->
            Sql.read(
                connection,
                RECEIVERS,
                row -> row.getString(1),
                String.join(",", channels),
                patience.toMillis(),
                MOST_AT_ONCE));
  }

  @Override
  public Optional<Attempt> claim(String receiver, Duration patience) {
    long millis = patience.toMillis();
    return database.inStatement(
        connection ->
            Sql.first(
                connection,
                CLAIM,
                AlertOutbox::attempt,
                NotificationDelivery.LEASE.toMillis(),
                receiver,
                millis,
                millis));
  }

  @Override
  public void done(UUID id) {
    database.inStatement(connection -> Sql.update(connection, DONE, id));
  }

  @Override
  public void retry(UUID id, Duration pause) {
    database.inStatement(connection -> Sql.update(connection, RETRY, pause.toMillis(), id));
  }

  /// The leader's business.
  private void clear() {
    int lost =
        database.inTransaction(
            connection -> {
              address(connection);
              return Sql.update(connection, EXPIRE, LONGEST_LIFE.toMillis(), MOST_OWED);
            });
    if (lost > 0) {
      LOG.log(
          Level.ERROR,
          "{0} notices are dropped: not sent for a day, or the oldest of more than {1}",
          lost,
          MOST_OWED);
    }
  }

  private static void address(Connection connection) throws SQLException {
    List<Object[]> addressed =
        Sql.read(connection, UNADDRESSED, AlertOutbox::unaddressed, MOST_AT_ONCE).stream()
            .map(
                row ->
                    new Object[] {
                      receiver(row.message()), row.message().at("/data/rule").asText(), row.id()
                    })
            .toList();
    if (!addressed.isEmpty()) {
      Sql.batch(connection, ADDRESS, addressed);
    }
  }

  private static String receiver(ObjectNode message) {
    String to = message.path("to").asText();
    return message.path("channel").asText() + (to.isEmpty() ? "" : ":" + to);
  }

  private static Unaddressed unaddressed(ResultSet row) throws SQLException {
    return new Unaddressed(row.getObject("outbox_id", UUID.class), message(row));
  }

  private static Attempt attempt(ResultSet row) throws SQLException {
    return new Attempt(
        row.getObject("outbox_id", UUID.class),
        row.getString("receiver"),
        message(row),
        row.getInt("attempts"));
  }

  private static ObjectNode message(ResultSet row) throws SQLException {
    return (ObjectNode) Json.parse(row.getString("payload"));
  }
}
