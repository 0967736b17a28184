package io.soilhub.scalability.service;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseSettings;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A database as after a year of use: every table that grows has so many rows that a statement
/// which reads it from end to end shows in the server's statistics.
final class FullTables {

  /// Tables that do not grow, and why.
  static final Map<String, String> BOUNDED =
      Map.ofEntries(
          Map.entry("alert_evaluation", "one row"),
          Map.entry("alert_outbox", "what is being sent; 10,000 when a receiver is away"),
          Map.entry("alert_rules", "one row"),
          Map.entry("alert_rules_version", "at most 100"),
          Map.entry("alert_silence", "1,000 that hold, and as many that have ended"),
          Map.entry("balancing_policy", "a row for each service that an operator has named"),
          Map.entry("cache_horizon", "one row"),
          Map.entry("cache_outbox", "empty unless Redis is away, read by an index"),
          Map.entry("edge_gate", "one row"),
          Map.entry("edge_server", "a row for each server of the CDN"),
          Map.entry("flyway_schema_history", "a row for each migration"),
          Map.entry("instance", "at most 10,000"),
          Map.entry("monitored_series", "as many as replicas take, each held in memory"),
          Map.entry("node", "the replicas of the last hour"),
          Map.entry("operation_baseline", "two rows for each operation of the service"),
          Map.entry("queue_backlog", "one row"),
          Map.entry("queue_minute", "a row for each queue and minute of a day"),
          Map.entry("queue_settings", "a row for each queue"),
          Map.entry("trial_catalog", "one row"),
          Map.entry("trial_dataset", "each is held in memory by every replica"),
          Map.entry("trial_site", "part of a data set, read with it"),
          Map.entry("trial_variety", "part of a data set, read with it"),
          Map.entry("trial_yield", "part of a data set, read with it"));

  /// What fills each table that grows. Ids of jobs are of version 7 and of some minutes ago or
  /// more.
  private static final List<String> FILL =
      List.of(
          """
          INSERT INTO job (job_id, job_type, queue, priority, payload, tags, status, max_attempts,
                           timeout_seconds, created_at, run_at, completed_at, error_type)
          SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - 600000 - 60000 * i), 12, '0')
                   || '7000' || '8' || lpad(to_hex(i), 15, '0'))::uuid,
                 'variety_recommendation', 'recommendations', 1, '{}',
                 CASE i % 2 WHEN 0 THEN ARRAY['field-' || i % 100] ELSE '{}' END,
                 CASE WHEN i % 50 = 0 THEN 'failed' WHEN i % 51 = 0 THEN 'pending' ELSE 'completed' END,
                 3, 60, now() - i * interval '1 min',
                 CASE WHEN i % 50 <> 0 AND i % 51 = 0 THEN now() + interval '1 day' ELSE now() END,
                 CASE WHEN i % 50 = 0 OR i % 51 <> 0 THEN now() - i * interval '1 min' END,
                 CASE WHEN i % 50 = 0 THEN 'UNEXPECTED' END
          FROM generate_series(1, 20000) AS i
          """,
          """
          INSERT INTO job_event (job_id, status, at) SELECT job_id, 'running', created_at FROM job
          """,
          "INSERT INTO job_effect (job_id, effect) SELECT job_id, 'mail' FROM job",
          """
          INSERT INTO api_key (key_id, name, role, secret_hash, created_at, created_by)
          SELECT 'key' || i, 'k', 'viewer', sha256(i::text::bytea), now() - i * interval '1 s', 'me'
          FROM generate_series(1, 20000) AS i
          """,
          """
          INSERT INTO idempotent_request
          SELECT 'anna', 'old' || i, '\\x00', gen_random_uuid(), gen_random_uuid(), now(),
                 now() + (i - 2000) * interval '1 s', 202, '{}', '{}'
          FROM generate_series(1, 20000) AS i
          """,
          """
          INSERT INTO trial_upload (upload_id, about, trials, sites, expires_at)
          SELECT gen_random_uuid(), '{}', '', '', now() + i * interval '1 min'
          FROM generate_series(1, 5000) AS i
          """,
          """
          INSERT INTO cache_entry (data_type, key, payload, snapshot, expires_at)
          SELECT 'general', 'full-' || i, '\\x00', pg_current_snapshot(),
                 now() + (i - 5000) * interval '1 min'
          FROM generate_series(1, 20000) AS i
          """,
          """
          INSERT INTO cache_tag SELECT 'full-' || i, pg_current_xact_id(), now()
          FROM generate_series(1, 20000) AS i
          """,
          """
          UPDATE cache_horizon SET passed_by = pg_current_xact_id(),
            passed_snapshot = pg_current_snapshot(), passed_at = now() - interval '1 hour'
          """,
          """
          INSERT INTO edge_purge (tag, rounds, failed_at, created_at)
          SELECT 'full-' || i, 1, now() - i * interval '1 min', now() - i * interval '1 min'
          FROM generate_series(1, 20000) AS i
          """,
          """
          INSERT INTO instance_traffic
          SELECT 'gone-' || i, 1, 0, 1, now() - i * interval '2 min'
          FROM generate_series(1, 30000) AS i
          """,
          """
          INSERT INTO monitored_series (kind, name, labels, created_at)
          SELECT 'counter', 'full-' || i, '{}', now() - interval '1 year'
          FROM generate_series(1, 500) AS i
          """,
          """
          INSERT INTO series_slot
          SELECT series_id, 'minute', now() - i * interval '1 hour', gen_random_uuid(), 1, 0, 1, 1, 1, 1,
                 now(), '', true
          FROM monitored_series, generate_series(48, 127) AS i
          """,
          """
          INSERT INTO custom_metric SELECT 'full-' || i, 'counter' FROM generate_series(1, 5000) AS i
          """,
          """
          INSERT INTO alert (alert_id, source, rule, subject, severity, state, message, started_at,
                             seen_at, resolved_at)
          SELECT gen_random_uuid(), 'rules', 'full', '{}', 'warning', 'resolved', 'm',
                 now() - i * interval '10 min', now(), now() - i * interval '10 min'
          FROM generate_series(1, 20000) AS i
          """,
          """
          INSERT INTO alert_event (alert_id, at, state) SELECT alert_id, started_at, state FROM alert
          """);

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private FullTables() {}

  static void fill(String url) {
    try (Database database = TestPostgres.open(url)) {
      database.migrate();
      for (String sql : FILL) {
        database.inStatement(connection -> execute(connection, sql));
      }
      database.inStatement(connection -> execute(connection, "VACUUM ANALYZE"));
    }
  }

  /// Tables of the schema that are neither filled nor said to be bounded.
  static Set<String> unknown(String url) {
    Set<String> unknown = new TreeSet<>(allScans(url).keySet());
    unknown.removeAll(BOUNDED.keySet());
    String filled = FILL.stream().collect(Collectors.joining("\n")) + "INTO job_tag (by trigger)";
    unknown.removeIf(
        table -> filled.contains("INTO " + table + " ") || filled.contains("INTO " + table + "\n"));
    return unknown;
  }

  /// How often each growing table was read from end to end, as far as sessions have told.
  static Map<String, Long> scans(String url) {
    Map<String, Long> scans = allScans(url);
    scans.keySet().removeAll(BOUNDED.keySet());
    return scans;
  }

  private static Map<String, Long> allScans(String url) {
    String sql = "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE schemaname = 'public'";
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      // A session tells all that it did when it ends.
      Await.until("the other sessions have ended", LIMIT, () -> others(statement) == 0);
      Map<String, Long> scans = new TreeMap<>();
      try (ResultSet row = statement.executeQuery(sql)) {
        while (row.next()) {
          scans.put(row.getString(1), row.getLong(2));
        }
      }
      return scans;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Connection connect(String url) throws SQLException {
    DatabaseSettings settings = DatabaseSettings.of(url, 20, Duration.ofSeconds(4));
    return DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
  }

  private static long others(Statement statement) {
    String sql =
        """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
          AND backend_type = 'client backend' AND pid <> pg_backend_pid()
        """;
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.execute(sql);
    }
  }
}
