package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/// Keeps what Alertmanager tells beside our own alerts. It repeats itself, and several of it tell
/// the same: only what changes anything becomes history.
final class AlertmanagerStore {

  private static final String ADD =
      """
      INSERT INTO alert (alert_id, source, external_key, rule, subject, severity, state, message,
                         started_at, seen_at, fired_at, resolved_at)
      VALUES (?, 'alertmanager', ?, ?, ?, ?, ?, ?, ?, clock_timestamp(), ?, ?)
      ON CONFLICT (external_key) WHERE external_key IS NOT NULL DO NOTHING
      RETURNING alert_id
      """;
  private static final String RESOLVE =
      """
      UPDATE alert SET state = 'resolved', resolved_at = ?, seen_at = clock_timestamp()
      WHERE external_key = ? AND state <> 'resolved'
      RETURNING alert_id
      """;
  private static final String EVENT =
      "INSERT INTO alert_event (alert_id, at, state, note) VALUES (?, ?, ?, ?)";

  private AlertmanagerStore() {}

  /// @param ids for alerts that are new
  /// @return whether it was news
  static boolean keep(
      Connection connection, AlertmanagerMessage.ForwardedAlert told, Supplier<UUID> ids)
      throws SQLException {
    AlertState state = told.resolvedAt().isPresent() ? AlertState.RESOLVED : AlertState.FIRING;
    List<UUID> added =
        Sql.read(
            connection,
            ADD,
            row -> row.getObject(1, UUID.class),
            ids.get(),
            told.key(),
            told.rule(),
            Json.write(told.labels()),
            told.severity(),
            state.text(),
            told.message(),
            told.startsAt(),
            told.startsAt(),
            told.resolvedAt());
    List<UUID> changed = added;
    if (added.isEmpty() && told.resolvedAt().isPresent()) {
      changed =
          Sql.read(
              connection,
              RESOLVE,
              row -> row.getObject(1, UUID.class),
              told.resolvedAt(),
              told.key());
    }
    for (UUID id : added) {
      String firing = AlertState.FIRING.text();
      Sql.update(connection, EVENT, id, told.startsAt(), firing, told.generatorUrl());
    }
    if (!changed.isEmpty() && told.resolvedAt().isPresent()) {
      String resolved = AlertState.RESOLVED.text();
      Sql.update(
          connection, EVENT, changed.getFirst(), told.resolvedAt(), resolved, told.generatorUrl());
    }
    return !changed.isEmpty();
  }
}
