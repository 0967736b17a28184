package io.soilhub.scalability.cache.tiers;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.postgres.PostgresEntries;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.FaultProxy;
import io.soilhub.scalability.testing.FaultProxy.Direction;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import io.soilhub.scalability.testing.TestRedis.Setup;
import io.soilhub.scalability.testing.TestRedis.Sync;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two replicas that are set differently, as in every rolling change of settings: what is promised
/// holds between them.
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class MixedSettingsIT {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofSeconds(2);

  private TestRedis redis;
  private String database;

  /// Of its own, because the tests kill and empty it.
  @BeforeEach
  void start() {
    redis = TestRedis.start(Setup.synced(Sync.ALWAYS));
    database = TestPostgres.shared().newDatabase();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  /// The cut-off one goes on answering from memory until its own bound has passed.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChangeWaitsForTheLongestBound(boolean redisForgets) {
    try (FaultProxy proxy = FaultProxy.before(redis.port());
        CacheNode patient =
            new CacheNode("patient", database, bound(LONG, "redis://localhost:" + proxy.port()));
        CacheNode quick =
            new CacheNode("quick", database, bound(Duration.ofMillis(200), redis.url()))) {
      patient.awaitRedis();
      quick.awaitRedis();
      quick.texts.put("key", "old", HOUR, Set.of());
      patient.texts.get("key");
      assertThat(patient.texts.read("key").level()).isEqualTo(Level.L1);
      proxy.freeze();
      if (redisForgets) {
        redis.flushAll();
        quick.awaitRedis();
      }

      assertThat(quick.texts.invalidate("key").outcome()).isEqualTo(WriteOutcome.CONFIRMED);

      assertThat(patient.texts.get("key")).isEmpty();
      // So that it can be closed.
      proxy.reset();
      proxy.pass();
    }
  }

  @Test
  void aBoundThatIsGoneIsWaitedForNoLonger() {
    try (CacheNode quick =
        new CacheNode("quick", database, bound(Duration.ofMillis(200), redis.url()))) {
      try (CacheNode patient = new CacheNode("patient", database, bound(LONG, redis.url()))) {
        patient.awaitRedis();
        quick.awaitRedis();
      }
      Await.until(
          "a change takes no two seconds",
          SOON,
          () -> {
            long begin = System.nanoTime();
            quick.texts.invalidate("key");
            return System.nanoTime() - begin < Duration.ofSeconds(1).toNanos();
          });
    }
  }

  /// The flush of the one comes between the two levels of a change by the other, whose way to Redis
  /// is long.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFlushBringsBackNothingThatAReplicaOfAnotherStrategyChanged(boolean put) throws Exception {
    try (FaultProxy proxy = FaultProxy.before(redis.port());
        CacheNode behind =
            new CacheNode("behind", database, WriteStrategy.WRITE_BEHIND, redis.url());
        CacheNode aside =
            new CacheNode(
                "aside", database, WriteStrategy.CACHE_ASIDE, "redis://localhost:" + proxy.port());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      behind.awaitRedis();
      aside.awaitRedis();
      proxy.delay(Direction.TO_SERVER, Duration.ofMillis(150));
      PostgresEntries third = new PostgresEntries(behind.database());
      for (int i = 0; i < 8; i++) {
        String key = "key" + i;
        Future<CacheWriteResult> old =
            threads.submit(() -> behind.texts.put(key, "old", HOUR, Set.of()));
        awaitWaiting(key, old);
        WriteOutcome outcome =
            put
                ? aside.texts.put(key, "new", HOUR, Set.of()).outcome()
                : aside.texts.invalidate(key).outcome();
        assertThat(outcome).isEqualTo(WriteOutcome.CONFIRMED);
        old.get();
        assertThat(third.lookup(new EntryKey("general", key)).found()).as(key).isEmpty();
      }
    }
  }

  /// Until the put is in Redis, and as a rule not yet in PostgreSQL.
  private void awaitWaiting(String key, Future<?> put) {
    try (var client = redis.open()) {
      long deadline = System.nanoTime() + SOON.toNanos();
      while (!put.isDone()
          && client.commands().zscore("cache:dirty:order", "general:" + key) == null) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        LockSupport.parkNanos(200_000);
      }
    }
  }

  @Test
  void withoutRedisWhatPostgresHasIsMarkedWhileAnyReplicaWritesBehind() {
    try (CacheNode behind =
            new CacheNode("behind", database, WriteStrategy.WRITE_BEHIND, redis.url());
        CacheNode aside =
            new CacheNode("aside", database, WriteStrategy.CACHE_ASIDE, redis.url())) {
      behind.awaitRedis();
      aside.awaitRedis();
      behind.texts.put("key", "older", HOUR, Set.of());
      PostgresEntries third = new PostgresEntries(behind.database());
      Await.until(
          "it has followed",
          SOON,
          () -> third.lookup(new EntryKey("general", "key")).found().isPresent());
      redis.kill();
      Await.until("Redis is away", SOON, () -> !aside.usesRedis());

      CacheReadResult<String> read = aside.texts.read("key");

      assertThat(read.value()).contains("older");
      assertThat(read.stale()).isTrue();
    }
  }

  @Test
  void aValueAboveTheLimitOfTheReaderIsRead() {
    CacheSettings usual = CacheNode.settings(WriteStrategy.CACHE_ASIDE, redis.url());
    CacheSettings lower =
        CacheNode.settings(
            WriteStrategy.CACHE_ASIDE, Map.of("CACHE_MAX_VALUE_BYTES", "1000"), redis.url());
    try (CacheNode writer = new CacheNode("writer", database, usual);
        CacheNode reader = new CacheNode("reader", database, lower)) {
      writer.awaitRedis();
      reader.awaitRedis();
      String compressed = "v".repeat(5000);
      writer.texts.put("key", compressed, HOUR, Set.of());

      assertThat(reader.texts.get("key")).contains(compressed);
    }
  }

  private static CacheSettings bound(Duration bound, String redisUrl) {
    return CacheNode.settings(
        WriteStrategy.CACHE_ASIDE,
        Map.of("CACHE_STALENESS_BOUND_MS", Long.toString(bound.toMillis())),
        redisUrl);
  }
}
