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
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The table of docs/cache.md: what each strategy does to each level.
class StrategiesIT {

  private static final Duration HOUR = Duration.ofHours(1);
  private static TestRedis redis;
  private static String database;
  private static final Map<WriteStrategy, CacheNode> WRITERS = new EnumMap<>(WriteStrategy.class);
  private static CacheNode reader;
  private static PostgresEntries third;

  @BeforeAll
  static void start() {
    redis = TestRedis.start(Setup.synced(Sync.ALWAYS));
    database = TestPostgres.shared().newDatabase();
    for (WriteStrategy strategy : WriteStrategy.values()) {
      WRITERS.put(strategy, new CacheNode(strategy.name(), database, strategy, redis.url()));
    }
    reader = new CacheNode("reader", database, WriteStrategy.CACHE_ASIDE, redis.url());
    third = new PostgresEntries(reader.database());
    WRITERS.values().forEach(CacheNode::awaitRedis);
    reader.awaitRedis();
  }

  @AfterAll
  static void stop() {
    WRITERS.values().forEach(CacheNode::close);
    reader.close();
    redis.close();
  }

  @ParameterizedTest
  @EnumSource
  void aPutIsReadEverywhereAndTheOldValueNowhere(WriteStrategy strategy) {
    TieredCache<String> writer = WRITERS.get(strategy).texts;
    String key = "seen:" + strategy;
    assertThat(writer.put(key, "one", HOUR, Set.of()))
        .isEqualTo(new CacheWriteResult(false, WriteOutcome.CONFIRMED));
    assertThat(reader.texts.get(key)).contains("one");
    assertThat(reader.texts.read(key).level()).isEqualTo(Level.L1);
    assertThat(reader.texts.read(key).ttlRemaining()).isGreaterThan(HOUR.minusMinutes(5));
    assertThat(writer.put(key, "two", HOUR, Set.of()))
        .isEqualTo(new CacheWriteResult(true, WriteOutcome.CONFIRMED));
    assertThat(reader.texts.get(key)).contains("two");
    assertThat(writer.get(key)).contains("two");
  }

  @ParameterizedTest
  @EnumSource
  void theSecondLevelHoldsAPutUnlessItIsWrittenAround(WriteStrategy strategy) {
    String key = "second:" + strategy;
    WRITERS.get(strategy).texts.put(key, "value", HOUR, Set.of());
    assertThat(inRedis(key)).isEqualTo(strategy != WriteStrategy.WRITE_AROUND);
  }

  @ParameterizedTest
  @EnumSource
  void theThirdLevelHoldsAPutOfAllButCacheAside(WriteStrategy strategy) {
    String key = "third:" + strategy;
    WRITERS.get(strategy).texts.put(key, "value", HOUR, Set.of());
    if (strategy == WriteStrategy.WRITE_BEHIND) {
      Await.until("the third level followed", Duration.ofSeconds(10), () -> inThird(key));
    }
    assertThat(inThird(key)).isEqualTo(strategy != WriteStrategy.CACHE_ASIDE);
  }

  @ParameterizedTest
  @EnumSource
  void anOldValueOfTheThirdLevelDoesNotOutliveAPut(WriteStrategy strategy) {
    String key = "old:" + strategy;
    WRITERS.get(WriteStrategy.WRITE_THROUGH).texts.put(key, "old", HOUR, Set.of());
    WRITERS.get(strategy).texts.put(key, "new", HOUR, Set.of());
    if (strategy == WriteStrategy.WRITE_BEHIND) {
      Await.until("the third level followed", Duration.ofSeconds(10), () -> waiting() == 0);
    }
    forgetInRedis(key);
    assertThat(reader.texts.get(key))
        .isEqualTo(strategy == WriteStrategy.CACHE_ASIDE ? Optional.empty() : Optional.of("new"));
  }

  @ParameterizedTest
  @EnumSource
  void aValueWithoutRedisComesFromTheThirdLevelAndGoesBackUp(WriteStrategy strategy) {
    if (strategy == WriteStrategy.CACHE_ASIDE) {
      return;
    }
    String key = "up:" + strategy;
    WRITERS.get(strategy).texts.put(key, "value", HOUR, Set.of("t"));
    Await.until("the third level has it", Duration.ofSeconds(10), () -> inThird(key));
    forgetInRedis(key);
    assertThat(reader.texts.read(key).level()).isEqualTo(Level.L3);
    assertThat(inRedis(key)).isTrue();
    assertThat(reader.texts.read(key).level()).isEqualTo(Level.L1);
  }

  @ParameterizedTest
  @EnumSource
  void anInvalidationOfTheKeyEmptiesEveryLevel(WriteStrategy strategy) {
    TieredCache<String> writer = WRITERS.get(strategy).texts;
    String key = "gone:" + strategy;
    writer.put(key, "value", HOUR, Set.of());
    assertThat(reader.texts.get(key)).isPresent();
    assertThat(writer.invalidate(key))
        .isEqualTo(new CacheWriteResult(true, WriteOutcome.CONFIRMED));
    assertThat(reader.texts.read(key).found()).isFalse();
    assertThat(inRedis(key)).isFalse();
    assertThat(inThird(key)).isFalse();
    assertThat(writer.invalidate(key).existed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void anInvalidationOfATagEmptiesEveryLevel(WriteStrategy strategy) {
    String key = "tagged:" + strategy;
    String tag = "tag-" + strategy;
    WRITERS.get(strategy).texts.put(key, "value", HOUR, Set.of(tag, "other"));
    assertThat(reader.texts.get(key)).isPresent();
    assertThat(WRITERS.get(strategy).cache.invalidate(Set.of(tag)))
        .isEqualTo(WriteOutcome.CONFIRMED);
    assertThat(reader.texts.read(key).found()).isFalse();
    assertThat(WRITERS.get(strategy).texts.read(key).found()).isFalse();
    Await.until("nothing follows", Duration.ofSeconds(10), () -> waiting() == 0);
    assertThat(inThird(key)).isFalse();
  }

  private static boolean inRedis(String key) {
    try (var client = redis.open()) {
      return client.commands().exists("cache:entry:general:" + key);
    }
  }

  private static long waiting() {
    try (var client = redis.open()) {
      return client.commands().zcard("cache:dirty:order");
    }
  }

  /// As an eviction does.
  private static void forgetInRedis(String key) {
    try (var client = redis.open()) {
      client.commands().del("cache:entry:general:" + key);
    }
  }

  private static boolean inThird(String key) {
    return third.lookup(new EntryKey("general", key)).found().isPresent();
  }
}
