package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What is over goes as fast as it comes.
class CleanUpIT {

  private static final int ROWS = 60_000;

  /// A thousand a second at least, on a machine that has everything else to do as well.
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void thousandsOfEndedValuesASecondAreDeleted() {
    String url = TestPostgres.shared().newDatabase();
    try (TestRedis redis = TestRedis.start();
        Database database = TestPostgres.open(url)) {
      database.migrate();
      run(
          database,
          """
          INSERT INTO cache_entry (data_type, key, payload, tags, snapshot, expires_at)
          SELECT 'general', 'k' || i, '\\x00', ARRAY['t' || i %% 100], pg_current_snapshot(),
                 now() - interval '1 hour'
          FROM generate_series(1, %d) AS i
          """
              .formatted(ROWS));
      // Two marks of the purge have passed since.
      run(
          database,
          """
          UPDATE cache_horizon SET passed_by = pg_current_xact_id(),
            passed_snapshot = pg_current_snapshot(), passed_at = now() - interval '20 minutes',
            next_at = now()
          """);
      try (CacheNode node = new CacheNode("cleans", url, WriteStrategy.CACHE_ASIDE, redis.url())) {
        node.awaitRedis();
        Await.until("all are gone", LIMIT, () -> rows(database) == 0);
      }
    }
  }

  private static long rows(Database database) {
    return database.inStatement(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT count(*) FROM cache_entry")) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  private static void run(Database database, String sql) {
    database.inStatement(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
          }
        });
  }
}
