package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// However many alerts end, one call forgets all that are old enough.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class AlertRetentionIT {

  private static final int ENDED = 25_000;

  @Test
  void historyOfAnyLengthIsForgottenInOneCall() {
    try (Database database = TestPostgres.open(TestPostgres.shared().newDatabase())) {
      database.migrate();
      insert(database, "now() - interval '3 days'", ENDED);
      insert(database, "now() - interval '1 hour'", 10);
      update(
          database,
          """
          INSERT INTO alert_silence (silence_id, matchers, starts_at, ends_at, by, comment)
          SELECT gen_random_uuid(), '[]', 'epoch', now() - interval '3 days', 'me', 'done'
          FROM generate_series(1, 5000)
          """);
      AlertSettings settings =
          new AlertSettings(Duration.ofSeconds(15), true, List.of(), Duration.ofDays(1));
      Uuid7 ids = new Uuid7(Clock.systemUTC(), new Random(7));
      new AlertEvaluation(database, List.of(), settings, ids, "a").forget();
      assertThat(count(database, "alert")).isEqualTo(10);
      assertThat(count(database, "alert_event")).isEqualTo(10);
      assertThat(count(database, "alert_silence")).isZero();
    }
  }

  private static void insert(Database database, String ended, int number) {
    update(
        database,
        """
        WITH ended AS (
          INSERT INTO alert (alert_id, source, rule, subject, severity, state, message, started_at,
                             seen_at, resolved_at)
          SELECT gen_random_uuid(), 'rules', 'r', '{}', 'info', 'resolved', 'm', 'epoch', 'epoch', %s
          FROM generate_series(1, %d) RETURNING alert_id)
        INSERT INTO alert_event (alert_id, at, state) SELECT alert_id, now(), 'resolved' FROM ended
        """
            .formatted(ended, number));
  }

  private static int count(Database database, String table) {
    return database.inStatement(
        connection ->
            Sql.read(connection, "SELECT count(*) FROM " + table, row -> row.getInt(1)).getFirst());
  }

  private static void update(Database database, String sql) {
    database.inTransaction(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return statement.executeUpdate();
          }
        });
  }
}
