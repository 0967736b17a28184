package io.soilhub.scalability.monitoring.anomalies;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import io.soilhub.scalability.telemetry.metrics.Labels;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Learnt baselines in PostgreSQL, so that another replica goes on where one ended.
final class BaselineStore {

  /// Of what a baseline is.
  record Key(String operation, ObservedStatistic measure) {
    Labels labels() {
      return Labels.of("operation", operation, "measure", measure.text());
    }
  }

  /// @param judgedTo end of the last stretch that it has seen or passed over
  record Stored(byte[] bytes, Instant judgedTo) {}

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String READ =
      "SELECT operation, measure, baseline, judged_to FROM operation_baseline";

  /// One that has seen more stays: a leader that stood still must not bring back an older one. What
  /// has seen the future has seen a clock that was set back since.
  private static final String SAVE =
      """
      INSERT INTO operation_baseline (operation, measure, baseline, judged_to)
      VALUES (?, ?, ?, ?)
      ON CONFLICT (operation, measure) DO UPDATE
      SET baseline = excluded.baseline, judged_to = excluded.judged_to
      WHERE operation_baseline.judged_to < excluded.judged_to
         OR operation_baseline.judged_to > statement_timestamp() + interval '1 hour'
      """;

  private final Database database;

  BaselineStore(Database database) {
    this.database = database;
  }

  Map<Key, Stored> read() {
    return database.inStatement(
        connection ->
            Sql.readWithin(PATIENCE, connection, READ, BaselineStore::stored).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  private static Map.Entry<Key, Stored> stored(ResultSet row) throws SQLException {
    ObservedStatistic observedStatistic =
        ObservedStatistic.valueOf(row.getString("measure").toUpperCase(Locale.ROOT));
    return Map.entry(
        new Key(row.getString("operation"), observedStatistic),
        new Stored(row.getBytes("baseline"), Sql.time(row, "judged_to").orElseThrow()));
  }

  void save(Collection<Map.Entry<Key, Stored>> changed) {
    database.inTransaction(connection -> save(connection, changed));
  }

  private static int save(Connection connection, Collection<Map.Entry<Key, Stored>> changed)
      throws SQLException {
    try (PreparedStatement save = connection.prepareStatement(SAVE)) {
      save.setQueryTimeout((int) PATIENCE.toSeconds());
      for (Map.Entry<Key, Stored> one : changed) {
        save.setString(1, one.getKey().operation());
        save.setString(2, one.getKey().measure().text());
        save.setBytes(3, one.getValue().bytes());
        save.setObject(4, one.getValue().judgedTo().atOffset(ZoneOffset.UTC));
        save.addBatch();
      }
      return save.executeBatch().length;
    }
  }
}
