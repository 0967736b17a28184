package io.soilhub.scalability.cache.cdn;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.cache.tiers.CacheOptions;
import io.soilhub.scalability.cache.tiers.CacheSettings;
import io.soilhub.scalability.cache.tiers.Codec;
import io.soilhub.scalability.cache.tiers.DataType;
import io.soilhub.scalability.cache.tiers.DistributedCache;
import io.soilhub.scalability.cache.tiers.TieredCache;
import io.soilhub.scalability.cache.tiers.WriteOutcome;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import io.soilhub.scalability.testing.TestRedis.Setup;
import io.soilhub.scalability.testing.TestRedis.Sync;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Changes of the cache in front of which there is a CDN, while PostgreSQL, which keeps the purges,
/// is away: they are made, and their purges follow.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PurgeDebtIT {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofSeconds(20);

  /// A server of its own, because it is stopped.
  private final TestPostgres postgres = TestPostgres.start();

  private final AtomicBoolean known = new AtomicBoolean(true);

  @ParameterizedTest
  @ValueSource(strings = {"cache_aside", "write_behind"})
  void aPurgeThatCannotBeWrittenFollows(String strategy) {
    try (TestRedis redis = TestRedis.start(Setup.synced(Sync.ALWAYS));
        Database database = database();
        DistributedCache cache = cache(redis, database, strategy)) {
      TieredCache<String> varieties = varieties(cache);
      varieties.put("old", "v", HOUR, Set.of("variety"));
      assertThat(purges(database)).containsExactly("old");

      postgres.stop();
      // What watches PostgreSQL has not found out yet, and then it has.
      assertThat(varieties.put("new", "v", HOUR, Set.of()).outcome())
          .isEqualTo(WriteOutcome.PENDING);
      known.set(false);
      assertThat(varieties.put("newer", "v", HOUR, Set.of()).outcome())
          .isEqualTo(WriteOutcome.PENDING);
      assertThat(cache.invalidate(Set.of("variety"))).isEqualTo(WriteOutcome.PENDING);
      assertThat(varieties.get("old")).isEmpty();
      assertThat(varieties.invalidate("gone").outcome()).isEqualTo(WriteOutcome.PENDING);

      postgres.restart();
      Await.until("PostgreSQL answers", SOON, () -> answers(database));
      known.set(true);
      Await.until(
          "the purges are written down",
          SOON,
          () -> purges(database).containsAll(Set.of("old", "new", "newer", "variety", "gone")));
      assertThat(varieties.get("newer")).contains("v");
      Await.until("nothing is owed", SOON, () -> owed(redis) == 0);
    } finally {
      postgres.close();
    }
  }

  @Test
  void withPostgresThereAPurgeIsWrittenWithTheChange() {
    try (TestRedis redis = TestRedis.start();
        Database database = database();
        DistributedCache cache = cache(redis, database, "write_through")) {
      TieredCache<String> varieties = varieties(cache);
      assertThat(varieties.put("put", "v", HOUR, Set.of()).outcome())
          .isEqualTo(WriteOutcome.CONFIRMED);
      assertThat(varieties.invalidate("gone").outcome()).isEqualTo(WriteOutcome.CONFIRMED);
      assertThat(cache.invalidate(Set.of("variety"))).isEqualTo(WriteOutcome.CONFIRMED);
      redis.kill();
      assertThat(varieties.put("past", "v", HOUR, Set.of()).outcome())
          .isEqualTo(WriteOutcome.PENDING);
      assertThat(cache.invalidate(Set.of("crop_data"))).isEqualTo(WriteOutcome.PENDING);
      assertThat(purges(database)).containsExactly("crop_data", "gone", "past", "put", "variety");
    } finally {
      postgres.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cache_aside", "write_behind"})
  void aPutOnAFullRedisWritesItsPurgeOnce(String strategy) {
    try (TestRedis redis = TestRedis.start(Setup.synced(Sync.ALWAYS));
        Database database = database();
        DistributedCache cache = cache(redis, database, strategy)) {
      TieredCache<String> varieties = varieties(cache);
      try (var client = redis.open()) {
        client.commands().configSet("maxmemory", "1");
      }

      varieties.put("put", "v", HOUR, Set.of());

      assertThat(varieties.get("put")).as("it went to PostgreSQL").contains("v");
      assertThat(rows(database)).isOne();
      assertThat(purges(database)).containsExactly("put");
    } finally {
      postgres.close();
    }
  }

  private Database database() {
    Database database = TestPostgres.open(postgres.newDatabase());
    database.migrate();
    return database;
  }

  private DistributedCache cache(TestRedis redis, Database database, String strategy) {
    Purges purges = new Purges(Optional.of(new PurgeOutbox(database, List.of("cdn"))), 2);
    Settings settings = Settings.from(Map.of("REDIS_URL", redis.url(), "CACHE_STRATEGY", strategy));
    DistributedCache cache =
        new DistributedCache(
            CacheSettings.from(settings),
            DistributedCache.Stores.in(database, purges, known::get),
            "a",
            Ticker.system(),
            new Random(1));
    cache.start();
    Await.until("Redis is in use", SOON, () -> cache.statistics().servers().getFirst().available());
    return cache;
  }

  private static TieredCache<String> varieties(DistributedCache cache) {
    return cache.open(DataType.VARIETY_DATA, CacheOptions.storeAtEdge(Codec.json(String.class)));
  }

  private static boolean answers(Database database) {
    try {
      purges(database);
      return true;
    } catch (DatabaseUnavailable _) {
      return false;
    }
  }

  private static Set<String> purges(Database database) {
    return database.inStatement(
        connection -> {
          Set<String> tags = new TreeSet<>();
          try (Statement s = connection.createStatement();
              ResultSet row = s.executeQuery("SELECT tag FROM edge_purge")) {
            while (row.next()) {
              tags.add(row.getString(1));
            }
          }
          return tags;
        });
  }

  private static long rows(Database database) {
    return database.inStatement(
        connection -> {
          try (Statement s = connection.createStatement();
              ResultSet row = s.executeQuery("SELECT count(*) FROM edge_purge")) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  private static long owed(TestRedis redis) {
    try (var client = redis.open()) {
      return client.commands().zcard("cache:owed:purges")
          + client.commands().zcard("cache:owed:keys")
          + client.commands().zcard("cache:owed:tags");
    }
  }
}
