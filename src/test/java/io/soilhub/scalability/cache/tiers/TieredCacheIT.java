package io.soilhub.scalability.cache.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.soilhub.scalability.cache.tiers.Loader.Loaded;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two replicas' caches on one Redis and one PostgreSQL.
class TieredCacheIT {

  private static final Duration HOUR = Duration.ofHours(1);
  private static TestRedis redis;
  private static String database;
  private static CacheNode a;
  private static CacheNode b;

  @BeforeAll
  static void start() {
    redis = TestRedis.start();
    database = TestPostgres.shared().newDatabase();
    a = new CacheNode("a", database, WriteStrategy.CACHE_ASIDE, redis.url());
    b = new CacheNode("b", database, WriteStrategy.CACHE_ASIDE, redis.url());
    a.awaitRedis();
    b.awaitRedis();
  }

  @AfterAll
  static void stop() {
    a.close();
    b.close();
    redis.close();
  }

  /// The same source behind both replicas.
  private static TieredCache<String> readThrough(
      CacheNode node, DataType type, Loader<String> source) {
    return node.cache.open(
        type, CacheOptions.readThrough(Codec.json(String.class), source, Set.of("source"), true));
  }

  @Test
  void sixtyFourThreadsOnTwoReplicasCauseOneLoad() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    Loader<String> slow =
        key -> {
          loads.incrementAndGet();
          sleep(100);
          return Loaded.of("value of " + key);
        };
    List<TieredCache<String>> caches =
        List.of(readThrough(a, DataType.SOIL_DATA, slow), readThrough(b, DataType.SOIL_DATA, slow));
    long readsBefore = reads(DataType.SOIL_DATA);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<String>>> reads = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        TieredCache<String> cache = caches.get(i % 2);
        Callable<Optional<String>> read =
            () -> {
              go.await();
              return cache.get("crowd");
            };
        reads.add(threads.submit(read));
      }
      go.countDown();
      for (Future<Optional<String>> read : reads) {
        assertThat(read.get()).contains("value of crowd");
      }
    }
    assertThat(loads).hasValue(1);
    assertThat(reads(DataType.SOIL_DATA) - readsBefore).as("reads that are counted").isEqualTo(64);
  }

  private static long reads(DataType type) {
    return Stream.of(a, b)
        .map(node -> node.cache.statistics().dataTypes().get(type.code()))
        .mapToLong(t -> t.l1Hits() + t.l2Hits() + t.l3Hits() + t.misses())
        .sum();
  }

  /// 16 MB, of which general data have a fifth.
  @Test
  void memoryHoldsItsShareOfValuesAsTheyAreHoweverWellTheyCompress() {
    String large = "v".repeat(1_000_000);
    for (int i = 0; i < 20; i++) {
      a.texts.put("large:" + i, large, HOUR, Set.of());
      assertThat(a.texts.get("large:" + i)).contains(large);
    }
    Await.until("most of them are evicted", Duration.ofSeconds(10), () -> a.texts.size() <= 16 / 5);
  }

  /// A share of 3.3 MB; the tags of each value take 3 kB of it.
  @Test
  void memoryCountsTheTagsOfAValue() {
    Set<String> tags =
        IntStream.range(0, 64).mapToObj(i -> "weighed-" + i).collect(Collectors.toSet());
    for (int i = 0; i < 1300; i++) {
      a.texts.put("tagged:" + i, "v", HOUR, tags);
      a.texts.get("tagged:" + i);
    }
    Await.until("some of them are evicted", Duration.ofSeconds(10), () -> a.texts.size() < 1100);
  }

  /// Its kind of data may be given late, but a value that was put has no source to be late.
  @Test
  void aPutThatHasEndedIsGoneForEverybody() throws Exception {
    TieredCache<String> onA =
        a.cache.open(DataType.SOIL_DATA, CacheOptions.store(Codec.json(String.class)));
    TieredCache<String> onB =
        b.cache.open(DataType.SOIL_DATA, CacheOptions.store(Codec.json(String.class)));
    onA.put("ends", "v", Duration.ofSeconds(4), Set.of());
    try (var client = redis.open()) {
      assertThat(client.commands().pttl("cache:entry:soil_data:ends")).isBetween(1L, 4000L);
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<CacheReadResult<String>>>> readers = new ArrayList<>();
      for (TieredCache<String> cache : List.of(onA, onB, onA, onB, onA, onB)) {
        readers.add(threads.submit(() -> readFor(cache, "ends", Duration.ofSeconds(6))));
      }
      for (Future<List<CacheReadResult<String>>> reader : readers) {
        assertThat(reader.get()).noneMatch(CacheReadResult::stale);
        assertThat(reader.get().getFirst().found()).isTrue();
        assertThat(reader.get().getLast().found()).isFalse();
      }
    }
  }

  private static List<CacheReadResult<String>> readFor(
      TieredCache<String> cache, String key, Duration time) {
    List<CacheReadResult<String>> answers = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      answers.add(cache.read(key));
      sleep(1);
    }
    return answers;
  }

  @Test
  void thatThereIsNothingIsBelievedOnlyWhenAllLevelsCouldBeAsked() {
    try (TestRedis own = TestRedis.start();
        CacheNode node = new CacheNode("alone", database, WriteStrategy.CACHE_ASIDE, own.url())) {
      node.awaitRedis();
      assertThat(node.texts.read("nothing").ttlRemaining()).isPositive();
      node.postgresIs(false);
      assertThat(node.texts.read("nothing").ttlRemaining()).isZero();
      node.postgresIs(true);
      own.kill();
      Await.until("Redis is away", Duration.ofSeconds(10), () -> !node.usesRedis());
      assertThat(node.texts.read("nothing").ttlRemaining()).isZero();
    }
  }

  @Test
  void aLoadThatBeganBeforeAnInvalidationLeavesNothingAnywhere() throws Exception {
    for (boolean byTag : List.of(false, true)) {
      AtomicReference<String> source = new AtomicReference<>("old");
      CountDownLatch loading = new CountDownLatch(1);
      CountDownLatch invalidated = new CountDownLatch(1);
      Loader<String> slow =
          _ -> {
            String value = source.get();
            loading.countDown();
            await(invalidated);
            return Loaded.of(value, "late");
          };
      String key = "late:" + byTag;
      TieredCache<String> slowA = readThrough(a, DataType.SOIL_DATA, slow);
      TieredCache<String> readB = readThrough(b, DataType.SOIL_DATA, _ -> Loaded.of(source.get()));
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Optional<String>> first = threads.submit(() -> slowA.get(key));
        loading.await();
        source.set("new");
        if (byTag) {
          assertThat(b.cache.invalidate(Set.of("late"))).isEqualTo(WriteOutcome.CONFIRMED);
        } else {
          assertThat(readB.invalidate(key).outcome()).isEqualTo(WriteOutcome.CONFIRMED);
        }
        // While the old load is still under way, on the replica where it is: it must not be joined.
        Future<Optional<String>> second = threads.submit(() -> slowA.get(key));
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() -> second.get(200, TimeUnit.MILLISECONDS));
        invalidated.countDown();
        assertThat(first.get()).isPresent();
        assertThat(second.get()).contains("new");
      }
      assertThat(slowA.get(key)).contains("new");
      assertThat(readB.get(key)).contains("new");
    }
  }

  @Test
  void whatTheSourceDoesNotHaveIsRememberedToo() {
    AtomicInteger loads = new AtomicInteger();
    Loader<String> none =
        _ -> {
          loads.incrementAndGet();
          return Loaded.none();
        };
    TieredCache<String> onA = readThrough(a, DataType.CLIMATE_DATA, none);
    TieredCache<String> onB = readThrough(b, DataType.CLIMATE_DATA, none);
    for (int i = 0; i < 5; i++) {
      assertThat(onA.get("nowhere")).isEmpty();
      assertThat(onB.read("nowhere").found()).isFalse();
    }
    assertThat(loads).hasValue(1);
  }

  @Test
  void whenTheSourceFailsAValueThatIsOnlyTooOldIsGivenAsStale() {
    AtomicReference<String> source = new AtomicReference<>("first");
    Loader<String> failing =
        _ -> Loaded.of(Optional.ofNullable(source.get()).orElseThrow(IllegalStateException::new));
    TieredCache<String> cache = readThrough(a, DataType.SOIL_DATA, failing);
    cache.put("fails", "first", Duration.ofSeconds(1), Set.of());
    source.set(null);
    Await.until("it is too old", Duration.ofSeconds(10), () -> cache.read("fails").stale());
    assertThat(cache.read("fails"))
        .isEqualTo(
            new CacheReadResult<>(true, Optional.of("first"), Level.L2, Duration.ZERO, true));

    b.cache
        .open(DataType.SOIL_DATA, CacheOptions.store(Codec.json(String.class)))
        .invalidate("fails");
    assertThatIllegalStateException()
        .as("an invalidated value is never given")
        .isThrownBy(() -> cache.get("fails"));

    TieredCache<String> personal = readThrough(a, DataType.USER_DATA, failing);
    personal.put("fails", "first", Duration.ofSeconds(1), Set.of());
    assertThat(personal.get("fails")).contains("first");
    Await.until(
        "it ended, and this kind is never given late",
        Duration.ofSeconds(10),
        () -> throwsIllegalState(personal));
  }

  @Test
  void aValueIsRenewedBeforeItEndsAndNobodyWaitsForIt() {
    CacheSettings shortLived =
        CacheNode.settings(
            WriteStrategy.CACHE_ASIDE,
            Map.of(
                "CACHE_DATA_TYPES",
                "{\"recommendations\":{\"ttl_seconds\":3,\"stale_seconds\":0}}"),
            redis.url());
    AtomicInteger loads = new AtomicInteger();
    try (CacheNode node = new CacheNode("short", database, shortLived)) {
      node.awaitRedis();
      TieredCache<String> cache =
          readThrough(
              node, DataType.RECOMMENDATIONS, _ -> Loaded.of("v" + loads.incrementAndGet()));
      AtomicReference<CacheReadResult<String>> last = new AtomicReference<>(cache.read("renewed"));
      assertThat(last.get().level()).isEqualTo(Level.SOURCE);
      Await.until(
          "a new value was there before anybody had to wait for it",
          Duration.ofSeconds(20),
          () -> {
            CacheReadResult<String> before = last.getAndSet(cache.read("renewed"));
            return !before.value().equals(last.get().value()) && last.get().level() != Level.SOURCE;
          });
    }
  }

  @Test
  void aChangeInPostgresInvalidatesWithItsCommitAndNotBefore() {
    AtomicReference<String> source = new AtomicReference<>("old");
    Loader<String> loader = _ -> Loaded.of(source.get(), "committed");
    TieredCache<String> onA = readThrough(a, DataType.VARIETY_DATA, loader);
    TieredCache<String> onB = readThrough(b, DataType.VARIETY_DATA, loader);
    assertThat(onA.get("row")).contains("old");
    assertThat(onB.get("row")).contains("old");
    a.database()
        .inTransaction(
            connection -> {
              onA.invalidateAtCommit(connection, "row");
              assertThat(onB.get("row")).contains("old");
              source.set("new");
              return true;
            });
    Await.until(
        "b has heard", Duration.ofSeconds(5), () -> onB.get("row").equals(Optional.of("new")));
    Await.until(
        "a has heard", Duration.ofSeconds(5), () -> onA.get("row").equals(Optional.of("new")));
  }

  @Test
  void anInvalidationOfATagDoesNotDependOnHowMuchItIs() {
    for (int i = 0; i < 200; i++) {
      a.texts.put("many:" + i, "v", HOUR, Set.of("many"));
    }
    assertThat(b.texts.get("many:199")).isPresent();
    long before = log();
    b.cache.invalidate(Set.of("many"));
    assertThat(log() - before).as("log records").isEqualTo(1);
    for (int i = 0; i < 200; i += 10) {
      assertThat(a.texts.get("many:" + i)).isEmpty();
    }
  }

  @Test
  void badInputIsRefusedAndNothingStored() {
    TieredCache<String> cache = a.texts;
    Set<String> none = Set.of();
    assertInvalid(() -> cache.put("", "v", HOUR, none));
    assertInvalid(() -> cache.put("k".repeat(513), "v", HOUR, none));
    assertInvalid(() -> cache.put("bad", "v", Duration.ZERO, none));
    assertInvalid(() -> cache.put("bad", "v", Duration.ofDays(31), none));
    assertInvalid(() -> cache.put("bad", "v", HOUR, Set.of("with space")));
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> cache.put("bad", "v".repeat(2 << 20), HOUR, none))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Problem.Kind.TOO_LARGE));
    assertThat(cache.read("bad").found()).isFalse();
  }

  private static void assertInvalid(Runnable call) {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(call::run)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Problem.Kind.INVALID));
  }

  private static boolean throwsIllegalState(TieredCache<String> cache) {
    try {
      cache.get("fails");
      return false;
    } catch (IllegalStateException _) {
      return true;
    }
  }

  private static long log() {
    try (var client = redis.open()) {
      return client.commands().xlen("cache:log");
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
