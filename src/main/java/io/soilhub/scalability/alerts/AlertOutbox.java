package io.soilhub.scalability.alerts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Json;
import io.soilhub.scalability.platform.Problem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// Notifications between the transition that they tell of and the job that sends them. A row's id
/// makes the job's, so that handing one over twice makes one job, whoever dies when.
final class AlertOutbox {

  /// Takes a notification in, once for each id.
  interface Sender {

    /// @throws Problem of kind INVALID for one that can never be sent
    void send(UUID id, ObjectNode payload);
  }

  private record Owed(UUID id, String payload) {}

  private static final Logger LOG = System.getLogger(AlertOutbox.class.getName());
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);
  private static final int MOST_AT_ONCE = 100;

  private static final String ADD = "INSERT INTO alert_outbox (outbox_id, payload) VALUES (?, ?)";
  private static final String OLDEST =
      "SELECT outbox_id, payload FROM alert_outbox ORDER BY outbox_id LIMIT ?";
  private static final String DELETE = "DELETE FROM alert_outbox WHERE outbox_id = ANY (?)";
  private static final String EXPIRE =
      """
      DELETE FROM alert_outbox
      WHERE outbox_id = ANY (?) AND added_at < statement_timestamp() - ? * interval '1 ms'
      """;

  private final Database database;
  private final Sender sender;

  /// Whether the last call left something behind, so that this is said once and not each second.
  private volatile boolean waiting;

  AlertOutbox(Database database, Sender sender) {
    this.database = database;
    this.sender = sender;
  }

  /// In the caller's transaction.
  ///
  /// @param payloads by id, of version 7
  static void add(Connection connection, Map<UUID, ObjectNode> payloads) throws SQLException {
    List<Object[]> rows =
        payloads.entrySet().stream()
            .map(owed -> new Object[] {owed.getKey(), Json.write(owed.getValue())})
            .collect(Collectors.toList());
    Sql.batch(connection, ADD, rows);
  }

  /// Hands over what is owed, oldest first. What the jobs do not take now stays for the next call,
  /// for a day: news that old is none.
  void relay() {
    List<Owed> oldest =
        database.inStatement(
            connection ->
                Sql.read(
                    connection,
                    OLDEST,
                    row -> new Owed(row.getObject(1, UUID.class), row.getString(2)),
                    MOST_AT_ONCE));
    if (oldest.isEmpty()) {
      return;
    }
    List<UUID> done = new ArrayList<>();
    List<UUID> left = new ArrayList<>();
    for (Owed owed : oldest) {
      (taken(owed) ? done : left).add(owed.id());
    }
    int lost =
        database.inTransaction(
            connection -> {
              Sql.update(connection, DELETE, done);
              return Sql.update(connection, EXPIRE, left, LONGEST_WAIT.toMillis());
            });
    if (lost > 0) {
      LOG.log(Level.ERROR, "{0} notifications could not be sent for a day and are dropped", lost);
    }
  }

  private boolean taken(Owed owed) {
    try {
      sender.send(owed.id(), (ObjectNode) Json.parse(owed.payload()));
      waiting = false;
      return true;
    } catch (Problem e) {
      if (e.kind() == Problem.Kind.INVALID) {
        LOG.log(Level.ERROR, "notification {0} can never be sent: {1}", owed.id(), e.getMessage());
        return true;
      }
      LOG.log(
          waiting ? Level.DEBUG : Level.WARNING,
          "notifications wait for jobs: {0}",
          e.getMessage());
      waiting = true;
      return false;
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "notification " + owed.id() + " could not be handed over", e);
      return false;
    }
  }
}
