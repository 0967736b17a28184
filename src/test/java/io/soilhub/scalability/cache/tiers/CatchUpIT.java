package io.soilhub.scalability.cache.tiers;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.postgres.PostgresEntries;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.FaultProxy;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import io.soilhub.scalability.testing.TestRedis.Setup;
import io.soilhub.scalability.testing.TestRedis.Sync;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What PostgreSQL was told while a Redis server was away is true from the moment at which that
/// server is used again, however much it is; and a server that is away holds up no other one.
class CatchUpIT {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofSeconds(20);

  private String database;

  @BeforeEach
  void makeDatabase() {
    database = TestPostgres.shared().newDatabase();
  }

  @Test
  void aDeletedValueDoesNotComeBackHoweverMuchWasMissed() {
    try (TestRedis redis = TestRedis.start();
        FaultProxy proxy = FaultProxy.before(redis.port());
        CacheNode node = node(WriteStrategy.CACHE_ASIDE, "redis://localhost:" + proxy.port())) {
      node.texts.put("deleted", "v", HOUR, Set.of());
      assertThat(node.texts.get("deleted")).isPresent();
      proxy.refuse();
      Await.until("Redis is away", SOON, () -> !uses(node, 0));
      owe(node, 0, 12_000);
      assertThat(node.texts.invalidate("deleted").outcome()).isEqualTo(WriteOutcome.PENDING);
      proxy.pass();
      Await.until(
          "Redis is in use",
          SOON,
          () -> {
            boolean used = uses(node, 0);
            assertThat(node.texts.get("deleted")).isEmpty();
            return used;
          });
      assertThat(outbox(node)).isZero();
    }
  }

  @Test
  void memoryIsSilentUntilItIsKnownWhatWasMissed() {
    try (TestRedis redis = TestRedis.start();
        FaultProxy proxy = FaultProxy.before(redis.port());
        CacheNode node = node(WriteStrategy.CACHE_ASIDE, "redis://localhost:" + proxy.port());
        Database other = TestPostgres.open(database)) {
      node.texts.put("k", "v", HOUR, Set.of("t"));
      Await.until("it is remembered", SOON, () -> node.texts.read("k").level() == Level.L1);
      proxy.refuse();
      Await.until("Redis is away", SOON, () -> !uses(node, 0));
      assertThat(node.cache.invalidate(Set.of("t"))).isEqualTo(WriteOutcome.PENDING);
      long end = System.nanoTime() + CacheNode.BOUND.toNanos();
      Await.until("the bound has passed", SOON, () -> System.nanoTime() - end > 0);
      other.inTransaction(
          connection -> {
            try (Statement lock = connection.createStatement()) {
              lock.execute("LOCK TABLE cache_outbox IN ACCESS EXCLUSIVE MODE");
            }
            proxy.pass();
            Await.until(
                "some bounds have passed",
                SOON,
                () -> {
                  assertThat(node.texts.get("k")).isEmpty();
                  return System.nanoTime() - end > 4 * CacheNode.BOUND.toNanos();
                });
            return true;
          });
      node.awaitRedis();
      assertThat(node.texts.get("k")).isEmpty();
    }
  }

  @Test
  void aServerThatIsAwayHoldsUpNoOther() {
    try (TestRedis healthy = TestRedis.start(Setup.synced(Sync.ALWAYS));
        TestRedis away = TestRedis.start(Setup.synced(Sync.ALWAYS));
        CacheNode node = node(WriteStrategy.WRITE_BEHIND, healthy.url(), away.url())) {
      String key = keyOn(healthy, node);
      node.texts.invalidate(key);
      away.kill();
      Await.until("it is away", SOON, () -> !uses(node, 1));
      owe(node, 1, 11_000);

      assertThat(node.texts.put(key, "v", HOUR, Set.of()).outcome())
          .isEqualTo(WriteOutcome.CONFIRMED);
      PostgresEntries third = new PostgresEntries(node.database());
      EntryKey entry = new EntryKey("general", key);
      Await.until("PostgreSQL follows", SOON, () -> third.lookup(entry).found().isPresent());
      assertThat(node.texts.get(key)).contains("v");
      node.database()
          .inTransaction(
              connection -> {
                node.texts.invalidateAtCommit(connection, key);
                return true;
              });
      Await.until("the invalidation is there", SOON, () -> node.texts.get(key).isEmpty());

      away.restart();
      node.awaitRedis();
      Await.until("all is told", SOON, () -> outbox(node) == 0);
    }
  }

  private CacheNode node(WriteStrategy strategy, String... servers) {
    return new CacheNode("a", database, strategy, servers).awaitRedis();
  }

  private static boolean uses(CacheNode node, int server) {
    return node.cache.statistics().servers().get(server).available();
  }

  /// Some key that this server has, of the two.
  private static String keyOn(TestRedis server, CacheNode node) {
    try (var client = server.open()) {
      return IntStream.range(0, 100)
          .mapToObj(i -> "key " + i)
          .peek(key -> node.texts.put(key, "x", HOUR, Set.of()))
          .filter(key -> client.commands().exists("cache:entry:general:" + key))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void owe(CacheNode node, int server, int rows) {
    String sql =
        """
        INSERT INTO cache_outbox (server, data_types, keys, tags)
        SELECT %d, '{general}', ARRAY['other ' || i], '{}' FROM generate_series(1, %d) AS i
        """;
    node.database()
        .inStatement(
            connection -> {
              try (Statement s = connection.createStatement()) {
                return s.executeUpdate(sql.formatted(server, rows));
              }
            });
  }

  private static long outbox(CacheNode node) {
    return node.database()
        .inStatement(
            connection -> {
              try (Statement s = connection.createStatement();
                  var row = s.executeQuery("SELECT count(*) FROM cache_outbox")) {
                row.next();
                return row.getLong(1);
              }
            });
  }
}
