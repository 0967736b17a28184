package io.soilhub.scalability.varieties.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.cache.tiers.CacheSettings;
import io.soilhub.scalability.cache.tiers.DistributedCache;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import io.soilhub.scalability.varieties.recommendation.Tables;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Replicas that ask for the number of the trials through their caches, on one PostgreSQL and one
/// Redis.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CatalogVersionIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final TestRedis redis = TestRedis.start();
  private final Database database = TestPostgres.open(TestPostgres.shared().newDatabase());

  @BeforeEach
  void migrate() {
    database.migrate();
  }

  @AfterEach
  void close() {
    database.close();
    redis.close();
  }

  /// What a replica has for its trials.
  private final class Replica implements AutoCloseable {

    private final DistributedCache cache;
    private final AtomicInteger asked = new AtomicInteger();
    private final CatalogVersion number;
    private final PostgresTrials trials;
    private final VarietyCatalog varietyCatalog;

    Replica(String name, boolean enabled) {
      CacheSettings settings =
          CacheSettings.from(
              Settings.from(
                  Map.of(
                      "REDIS_URL",
                      redis.url(),
                      "ENABLE_DISTRIBUTED_CACHE",
                      Boolean.toString(enabled))));
      DistributedCache.Stores stores = DistributedCache.Stores.in(database, () -> true);
      cache = new DistributedCache(settings, stores, name, Ticker.system(), new Random(1));
      number =
          new CatalogVersion(
              cache,
              () -> {
                asked.incrementAndGet();
                return database.inTransaction(PostgresTrials::version);
              });
      trials = new PostgresTrials(database, (connection, _) -> number.change(connection));
      varietyCatalog = new VarietyCatalog(trials, number::current);
      if (enabled) {
        cache.start();
        Await.until("Redis is in use", SOON, this::inUse);
      }
    }

    boolean inUse() {
      return cache.statistics().servers().getFirst().available();
    }

    void save(String id) {
      trials.save(Tables.threeVarieties().dataSet(id, "corn"), id);
    }

    @Override
    public void close() {
      cache.close();
    }
  }

  @Test
  void anAnnouncedChangeIsSeenByTheOtherReplicaAtOnceAndNothingIsAskedInBetween() {
    try (Replica here = new Replica("here", true);
        Replica there = new Replica("there", true)) {
      for (int i = 1; i <= 10; i++) {
        here.save("set" + i);
        here.number.changed();

        assertThat(there.varietyCatalog.current().all()).hasSize(i);
        assertThat(here.varietyCatalog.current().all()).hasSize(i);
        int asked = there.asked.get();
        for (int j = 0; j < 100; j++) {
          there.varietyCatalog.current();
        }
        assertThat(there.asked.get() - asked).as("questions while nothing changed").isLessThan(5);
      }
    }
  }

  @Test
  void aChangeThatNobodyAnnouncedIsRelayed() {
    try (Replica here = new Replica("here", true);
        Replica there = new Replica("there", true)) {
      assertThat(there.varietyCatalog.current().all()).isEmpty();
      here.save("quiet");

      Await.until("it is seen", SOON, () -> there.varietyCatalog.current().all().size() == 1);
    }
  }

  @Test
  void withoutRedisItIsAskedOfPostgres() {
    try (Replica here = new Replica("here", true);
        Replica there = new Replica("there", true)) {
      there.varietyCatalog.current();
      redis.kill();
      Await.until("both have noticed", SOON, () -> !here.inUse() && !there.inUse());
      here.save("alone");
      here.number.changed();

      assertThat(here.varietyCatalog.current().all()).hasSize(1);
      Await.until("it is seen", SOON, () -> there.varietyCatalog.current().all().size() == 1);

      redis.restart();
      Await.until("Redis is back", SOON, () -> here.inUse() && there.inUse());
      assertThat(there.varietyCatalog.current().all()).hasSize(1);
      here.save("again");
      here.number.changed();
      assertThat(there.varietyCatalog.current().all()).hasSize(2);
    }
  }

  @Test
  void withTheCacheTurnedOffItIsAskedOfPostgres() {
    try (Replica here = new Replica("here", false)) {
      here.save("one");
      here.number.changed();
      assertThat(here.varietyCatalog.current().all()).hasSize(1);
      here.save("two");
      assertThat(here.varietyCatalog.current().all()).hasSize(2);
    }
  }
}
