package io.soilhub.scalability.cache.tiers;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.cache.tiers.Loader.Loaded;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.FaultProxy;
import io.soilhub.scalability.testing.FaultProxy.Direction;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import io.soilhub.scalability.testing.TestRedis.Setup;
import io.soilhub.scalability.testing.TestRedis.Sync;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.exceptions.JedisDataException;

/// Two replicas' caches in front of one source that takes a millisecond, readers and writers on
/// both, and something breaks again and again. What every reader saw is judged afterwards. Each run
/// is short; the profile `faults` makes it long.
class CacheFaultsIT {

  private static final Duration RUN = Duration.ofSeconds(Integer.getInteger("faults.seconds", 3));
  private static final int KEYS = 20;
  private static final int READERS = 3;
  private static final int LEAST_JUDGED = 200;
  private static String database;

  @BeforeAll
  static void makeDatabase() {
    database = TestPostgres.shared().newDatabase();
  }

  @AfterAll
  static void nothingIsLeftOwed() {
    try (TestRedis redis = TestRedis.start();
        CacheNode node = new CacheNode("last", database, WriteStrategy.CACHE_ASIDE, redis.url())) {
      node.awaitRedis();
      Await.until("the outbox is empty", Duration.ofSeconds(20), () -> outbox(node) == 0);
    }
  }

  private static final AtomicLong PREFIX = new AtomicLong();

  /// What goes wrong, once.
  private interface Fault {
    void strike();
  }

  @Test
  void undisturbed() {
    try (TestRedis redis = TestRedis.start()) {
      run(redis.url(), redis.url(), () -> {});
    }
  }

  @Test
  void connectionsAreKilledInALoop() {
    try (TestRedis redis = TestRedis.start()) {
      run(redis.url(), redis.url(), redis::killConnections);
    }
  }

  @Test
  void redisForgetsEverything() {
    try (TestRedis redis = TestRedis.start()) {
      run(redis.url(), redis.url(), redis::flushAll);
    }
  }

  @Test
  void redisForgetsItsScripts() {
    try (TestRedis redis = TestRedis.start()) {
      run(redis.url(), redis.url(), redis::flushScripts);
    }
  }

  @ParameterizedTest
  @EnumSource
  void redisIsKilled(Sync sync) {
    try (TestRedis redis = TestRedis.start(Setup.synced(sync))) {
      run(
          redis.url(),
          redis.url(),
          () -> {
            redis.kill();
            pause(300);
            redis.restart();
            pause(700);
          });
    }
  }

  @Test
  void redisStandsStill() {
    try (TestRedis redis = TestRedis.start()) {
      run(
          redis.url(),
          redis.url(),
          () -> {
            redis.suspend();
            pause(800);
            redis.resume();
            pause(700);
          });
    }
  }

  @Test
  void redisEvictsWhatItLikes() {
    try (TestRedis redis = TestRedis.start(Setup.evicting("2mb"))) {
      run(redis.url(), redis.url(), () -> fill(redis));
    }
  }

  @Test
  void oneReplicaIsFarAway() {
    try (TestRedis redis = TestRedis.start();
        FaultProxy proxy = FaultProxy.before(redis.port())) {
      proxy.delay(Direction.TO_SERVER, Duration.ofMillis(20));
      proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(20));
      run("redis://localhost:" + proxy.port(), redis.url(), () -> {});
    }
  }

  @Test
  void oneReplicasConnectionsAreHalfOpen() {
    try (TestRedis redis = TestRedis.start();
        FaultProxy proxy = FaultProxy.before(redis.port())) {
      run(
          "redis://localhost:" + proxy.port(),
          redis.url(),
          () -> {
            proxy.freeze();
            pause(1000);
            proxy.reset();
            proxy.pass();
            pause(500);
          });
    }
  }

  private static void run(String redisOfA, String redisOfB, Fault fault) {
    AtomicLongArray source = new AtomicLongArray(KEYS);
    History history = new History();
    String prefix = "run" + PREFIX.incrementAndGet() + ":";
    for (int key = 0; key < KEYS; key++) {
      history.add(new History.Mutation(prefix + key, 0, 0, 0, History.Outcome.UNKNOWN));
    }
    try (CacheNode a = new CacheNode("a", database, WriteStrategy.CACHE_ASIDE, redisOfA);
        CacheNode b = new CacheNode("b", database, WriteStrategy.CACHE_ASIDE, redisOfB);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      a.awaitRedis();
      b.awaitRedis();
      long end = System.nanoTime() + RUN.toNanos();
      List<Future<?>> running = new ArrayList<>();
      int seed = 0;
      for (CacheNode node : List.of(a, b)) {
        TieredCache<Long> cache = open(node, source, prefix);
        for (int i = 0; i < READERS; i++) {
          running.add(threads.submit(reader(cache, history, prefix, end, seed++)));
        }
        // Each key has one writer, so that its versions rise in the order of its writes.
        int half = node == a ? 0 : 1;
        running.add(threads.submit(writer(node, cache, source, history, prefix, end, half)));
      }
      while (System.nanoTime() < end) {
        fault.strike();
        pause(100);
      }
      for (Future<?> thread : running) {
        thread.get(60, TimeUnit.SECONDS);
      }
      quiesced(a, b, source, history, prefix);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    HistoryChecker.Verdict verdict =
        new HistoryChecker(CacheNode.BOUND).judge(history.operations());
    assertThat(verdict.clean()).as(verdict.toString()).isTrue();
    assertThat(verdict.judged()).as(verdict.toString()).isGreaterThan(LEAST_JUDGED);
  }

  private static TieredCache<Long> open(CacheNode node, AtomicLongArray source, String prefix) {
    Loader<Long> loader =
        key -> {
          long value = source.get(Integer.parseInt(key.substring(prefix.length())));
          pause(1);
          return Loaded.of(value, tag(key));
        };
    return node.cache.open(
        DataType.SOIL_DATA,
        CacheOptions.readThrough(Codec.json(Long.class), loader, Set.of(), true));
  }

  private static String tag(String key) {
    return "tag-" + key;
  }

  private static Runnable reader(
      TieredCache<Long> cache, History history, String prefix, long end, int seed) {
    Random random = new Random(seed);
    return () -> {
      while (System.nanoTime() < end) {
        String key = prefix + random.nextInt(KEYS);
        history.read(key, () -> cache.get(key).orElseThrow());
        LockSupport.parkNanos(200_000);
      }
    };
  }

  private static Runnable writer(
      CacheNode node,
      TieredCache<Long> cache,
      AtomicLongArray source,
      History history,
      String prefix,
      long end,
      int half) {
    Random random = new Random(100 + half);
    return () -> {
      while (System.nanoTime() < end) {
        int number = 2 * random.nextInt(KEYS / 2) + half;
        String key = prefix + number;
        boolean byTag = random.nextBoolean();
        history.mutate(
            key,
            source.get(number) + 1,
            () -> {
              source.incrementAndGet(number);
              return told(
                  byTag
                      ? node.cache.invalidate(Set.of(tag(key)))
                      : cache.invalidate(key).outcome());
            });
        pause(2);
      }
    };
  }

  private static History.Outcome told(WriteOutcome outcome) {
    return outcome == WriteOutcome.CONFIRMED ? History.Outcome.CONFIRMED : History.Outcome.PENDING;
  }

  /// Nothing breaks any more and nobody writes: both must soon give what the source has, for good.
  private static void quiesced(
      CacheNode a, CacheNode b, AtomicLongArray source, History history, String prefix) {
    a.awaitRedis();
    b.awaitRedis();
    Await.until("all is delivered", Duration.ofSeconds(20), () -> outbox(a) == 0);
    pause(CacheNode.BOUND.toMillis());
    for (CacheNode node : List.of(a, b)) {
      TieredCache<Long> cache = open(node, source, prefix);
      for (int number = 0; number < KEYS; number++) {
        String key = prefix + number;
        assertThat(history.read(key, () -> cache.get(key).orElseThrow()))
            .as(key)
            .isEqualTo(source.get(number));
      }
    }
  }

  private static long outbox(CacheNode node) {
    return node.database()
        .inTransaction(
            connection -> {
              try (var statement = connection.createStatement();
                  var row = statement.executeQuery("SELECT count(*) FROM cache_outbox")) {
                row.next();
                return row.getLong(1);
              }
            });
  }

  private static void fill(TestRedis redis) {
    try (var client = redis.open()) {
      for (int i = 0; i < 200; i++) {
        try {
          client.commands().set("ballast:" + System.nanoTime(), "x".repeat(5000));
        } catch (JedisDataException _) {
          // a server that finds nothing to evict at once refuses: full is all that is wanted
        }
      }
    }
  }

  private static void pause(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
