package io.soilhub.scalability.cache.tiers;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.postgres.PostgresEntries;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import io.soilhub.scalability.testing.TestRedis.Setup;
import io.soilhub.scalability.testing.TestRedis.Sync;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What was put under write-behind and acknowledged reaches PostgreSQL, whatever ends in between.
class WriteBehindIT {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int KEYS = 50;

  private String database;
  private TestRedis redis;

  @BeforeEach
  void start() {
    database = TestPostgres.shared().newDatabase();
    redis = TestRedis.start(Setup.synced(Sync.ALWAYS));
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  private CacheNode node(String name) {
    return new CacheNode(name, database, WriteStrategy.WRITE_BEHIND, redis.url()).awaitRedis();
  }

  @Test
  void anotherReplicaWritesWhatTheOneThatEndedDidNot() {
    try (CacheNode dying = node("dying")) {
      dying.postgresIs(false);
      putAll(dying, "v");
      assertThat(waiting()).isEqualTo(KEYS);
    }
    try (CacheNode other = node("other")) {
      awaitThird(other, "v");
      Await.until("nothing waits", SOON, () -> waiting() == 0);
    }
  }

  @Test
  void aKilledRedisStillHasWhatItAcknowledged() {
    try (CacheNode node = node("a")) {
      node.postgresIs(false);
      putAll(node, "v");
      redis.kill();
      redis.restart();
      node.awaitRedis();
      assertThat(node.texts.get("key:7")).as("although its entry is void").contains("v7");
      node.postgresIs(true);
      awaitThird(node, "v");
    }
  }

  @Test
  void ofManyPutsToAKeyTheLastOneIsWritten() {
    try (CacheNode node = node("a")) {
      node.postgresIs(false);
      putAll(node, "old");
      putAll(node, "older than new");
      putAll(node, "new");
      assertThat(waiting()).isEqualTo(KEYS);
      node.postgresIs(true);
      awaitThird(node, "new");
    }
  }

  @Test
  void aFlushThatIsDoneTwiceOrLateChangesNothing() {
    try (CacheNode node = node("a")) {
      putAll(node, "one");
      awaitThird(node, "one");
      // As if the flush had ended before it could be noted: what waits is written once more.
      node.postgresIs(false);
      putAll(node, "two");
      try (CacheNode second = node("b")) {
        awaitThird(second, "two");
        putAll(second, "three");
        awaitThird(second, "three");
      }
      node.postgresIs(true);
      Await.until("nothing waits", SOON, () -> waiting() == 0);
      awaitThird(node, "three");
    }
  }

  @Test
  void anInvalidatedWriteIsNotWrittenAnyMore() {
    try (CacheNode node = node("a")) {
      node.postgresIs(false);
      node.texts.put("by-key", "v", HOUR, Set.of());
      node.texts.put("by-tag", "v", HOUR, Set.of("gone"));
      assertThat(node.texts.invalidate("by-key").existed()).isTrue();
      node.cache.invalidate(Set.of("gone"));
      node.postgresIs(true);
      Await.until("nothing waits", SOON, () -> waiting() == 0);
      assertThat(node.texts.get("by-key")).isEmpty();
      assertThat(node.texts.get("by-tag")).isEmpty();
      assertThat(inThird(node, "by-key")).isFalse();
      assertThat(inThird(node, "by-tag")).isFalse();
    }
  }

  @Test
  void aPutAfterAnInvalidationIsNotRefusedWithWhatWasBeforeIt() {
    try (CacheNode node = node("a")) {
      for (int i = 0; i < 40; i++) {
        node.texts.put("again", "before", HOUR, Set.of("again"));
        if (i % 2 == 0) {
          node.texts.invalidate("again");
        } else {
          node.cache.invalidate(Set.of("again"));
        }
        node.texts.put("again", "after", HOUR, Set.of("again"));
        Await.until("nothing waits", SOON, () -> waiting() == 0);
        assertThat(inThird(node, "again")).as("round %d", i).isTrue();
      }
    }
  }

  @Test
  void aPutThroughPaysWhatIsOwedFirst() {
    try (CacheNode node =
        new CacheNode("a", database, WriteStrategy.WRITE_THROUGH, redis.url()).awaitRedis()) {
      node.postgresIs(false);
      assertThat(node.texts.invalidate("owed").outcome()).isEqualTo(WriteOutcome.PENDING);
      assertThat(node.texts.put("owed", "v", HOUR, Set.of()).outcome())
          .isEqualTo(WriteOutcome.CONFIRMED);
      node.postgresIs(true);
      try (CacheNode other = node("b")) {
        Await.until("nothing is owed", SOON, () -> owed() == 0);
        assertThat(inThird(other, "owed")).isTrue();
      }
    }
  }

  private long owed() {
    try (var client = redis.open()) {
      return client.commands().zcard("cache:owed:keys");
    }
  }

  @Test
  void onARedisThatMayLoseItThePutWaitsForPostgres() {
    try (TestRedis forgetful = TestRedis.start(Setup.synced(Sync.EVERYSEC));
        CacheNode node =
            new CacheNode("a", database, WriteStrategy.WRITE_BEHIND, forgetful.url())
                .awaitRedis()) {
      node.texts.put("sure", "v", HOUR, Set.of());
      assertThat(inThird(node, "sure")).as("at once").isTrue();
    }
  }

  private static void putAll(CacheNode node, String value) {
    for (int i = 0; i < KEYS; i++) {
      assertThat(node.texts.put("key:" + i, value + i, HOUR, Set.of()).outcome())
          .isEqualTo(WriteOutcome.CONFIRMED);
    }
  }

  private static void awaitThird(CacheNode node, String value) {
    PostgresEntries third = new PostgresEntries(node.database());
    Payload payload = new Payload(1 << 20, 4096);
    for (int i = 0; i < KEYS; i++) {
      EntryKey key = new EntryKey("general", "key:" + i);
      String expected = value + i;
      Await.until(
          () -> key + " is " + expected,
          SOON,
          () ->
              third
                  .lookup(key)
                  .found()
                  .flatMap(
                      storedEntry ->
                          payload.decode(storedEntry.payload(), Codec.json(String.class)))
                  .filter(expected::equals)
                  .isPresent());
    }
  }

  private static boolean inThird(CacheNode node, String key) {
    return new PostgresEntries(node.database())
        .lookup(new EntryKey("general", key))
        .found()
        .isPresent();
  }

  private long waiting() {
    try (var client = redis.open()) {
      return client.commands().zcard("cache:dirty:order");
    }
  }
}
