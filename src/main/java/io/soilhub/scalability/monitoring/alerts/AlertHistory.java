package io.soilhub.scalability.monitoring.alerts;

import static io.soilhub.scalability.platform.postgres.Sql.time;

import io.soilhub.scalability.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Reads alerts of every source for people.
final class AlertHistory {

  private static final String LIST =
      """
      SELECT * FROM alert WHERE (? = '' OR state = ?) AND (?::uuid IS NULL OR alert_id < ?::uuid)
      ORDER BY alert_id DESC LIMIT ?
      """;
  private static final String FIND = "SELECT * FROM alert WHERE alert_id = ?";
  private static final String EVENTS =
      """
      SELECT state, at, value, by, note FROM (
        SELECT * FROM alert_event WHERE alert_id = ? ORDER BY event_id DESC LIMIT 1000) last
      ORDER BY event_id
      """;

  private AlertHistory() {}

  /// Newest first.
  ///
  /// @param state all when empty
  /// @param before id of the last alert of the page before
  static List<AlertView> list(
      Connection connection, Optional<AlertState> state, Optional<UUID> before, int limit)
      throws SQLException {
    String wanted = state.map(AlertState::text).orElse("");
    return Sql.read(connection, LIST, AlertHistory::view, wanted, wanted, before, before, limit);
  }

  /// With its history.
  static Optional<AlertView> find(Connection connection, UUID id) throws SQLException {
    Optional<AlertView> found = Sql.first(connection, FIND, AlertHistory::view, id);
    return found.isEmpty()
        ? found
        : Optional.of(found.get().with(Sql.read(connection, EVENTS, AlertHistory::event, id)));
  }

  private static AlertView.Event event(ResultSet row) throws SQLException {
    return new AlertView.Event(
        AlertState.named(row.getString("state")),
        time(row, "at").orElseThrow(),
        AlertStore.number(row, "value"),
        row.getString("by"),
        row.getString("note"));
  }

  private static AlertView view(ResultSet row) throws SQLException {
    return new AlertView(
        row.getObject("alert_id", UUID.class),
        row.getString("source"),
        row.getString("rule"),
        row.getString("severity"),
        AlertState.named(row.getString("state")),
        AlertStore.labels(row),
        AlertStore.number(row, "value"),
        AlertStore.number(row, "threshold"),
        row.getString("message"),
        time(row, "started_at").orElseThrow(),
        time(row, "fired_at"),
        time(row, "acknowledged_at"),
        Optional.ofNullable(row.getString("acknowledged_by")),
        time(row, "resolved_at"),
        Optional.ofNullable(row.getString("muted_by")),
        Optional.empty());
  }
}
