package io.soilhub.scalability.cache.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.soilhub.scalability.cache.redis.RedisFull;
import io.soilhub.scalability.cache.tiers.Loader.Loaded;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import io.soilhub.scalability.testing.TestRedis.Setup;
import io.soilhub.scalability.testing.TestRedis.Sync;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A Redis whose memory is full and that evicts nothing, as the documentation advises: it takes no
/// more values, and everything else goes on, above all what frees its memory.
class FullRedisIT {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int VALUES = 80;

  /// More than connections take and give back.
  private static final long SPARE_BYTES = 3 << 20;

  private final Random random = new Random(1);
  private String database;

  @BeforeEach
  void makeDatabase() {
    database = TestPostgres.shared().newDatabase();
  }

  @Test
  void deletesFreeItAndPutsGoToPostgresMeanwhile() {
    try (TestRedis redis = TestRedis.start(Setup.synced(Sync.ALWAYS));
        CacheNode node = node(redis, WriteStrategy.CACHE_ASIDE)) {
      fill(node, redis);
      long before = usedMemory(redis);

      CacheWriteResult put = node.texts.put("0", "newer", HOUR, Set.of("t"));
      assertThat(put).isEqualTo(new CacheWriteResult(true, WriteOutcome.CONFIRMED));
      assertThat(node.texts.read("0").value()).contains("newer");
      assertThat(node.texts.read("1").value()).isPresent();
      Await.until("the log is followed", SOON, () -> node.texts.read("1").level() == Level.L1);
      assertThat(node.cache.invalidate(Set.of("t"))).isEqualTo(WriteOutcome.CONFIRMED);
      assertThat(node.texts.read("0").found()).isFalse();

      for (int i = 1; i < VALUES; i++) {
        assertThat(node.texts.invalidate("" + i))
            .isEqualTo(new CacheWriteResult(true, WriteOutcome.CONFIRMED));
      }
      assertThat(node.usesRedis()).isTrue();
      assertThat(usedMemory(redis)).isLessThan(before / 2);
      node.texts.put("again", value(), HOUR, Set.of());
      assertThat(inRedis(redis, "general:again")).isTrue();
    }
  }

  @Test
  void loadsAreGivenAndKeptBelow() {
    try (TestRedis redis = TestRedis.start(Setup.synced(Sync.ALWAYS));
        CacheNode node = node(redis, WriteStrategy.CACHE_ASIDE)) {
      fill(node, redis);
      TieredCache<String> source =
          node.cache.open(
              DataType.SOIL_DATA,
              CacheOptions.readThrough(
                  Codec.json(String.class), _ -> Loaded.of(value(), "soil"), Set.of(), true));
      CacheReadResult<String> loaded = source.read("loaded");
      assertThat(loaded.level()).isEqualTo(Level.SOURCE);
      assertThat(inRedis(redis, "soil_data:loaded")).isFalse();
      CacheReadResult<String> again = source.read("loaded");
      assertThat(again.level()).isEqualTo(Level.L3);
      assertThat(again.value()).isEqualTo(loaded.value());
      assertThat(node.usesRedis()).isTrue();
    }
  }

  @Test
  void writesThatWaitAreWrittenAndTheirRoomIsFree() {
    try (TestRedis redis = TestRedis.start(Setup.synced(Sync.ALWAYS));
        CacheNode node = node(redis, WriteStrategy.WRITE_BEHIND)) {
      node.postgresIs(false);
      fill(node, redis);
      assertThat(waiting(redis)).isGreaterThan(VALUES / 2);
      node.postgresIs(true);
      Await.until("nothing waits", SOON, () -> waiting(redis) == 0);
      assertThat(node.usesRedis()).isTrue();
    }
  }

  @Test
  void whatHasNoOtherPlaceIsRefusedAndTheOldValueStays() {
    try (TestRedis redis = TestRedis.start(Setup.synced(Sync.ALWAYS));
        CacheNode node = new CacheNode("a", database, withoutThirdLevel(redis)).awaitRedis()) {
      fill(node, redis);
      String old = node.texts.get("1").orElseThrow();
      assertThatExceptionOfType(RedisFull.class)
          .isThrownBy(() -> node.texts.put("1", value() + value(), HOUR, Set.of()));
      assertThat(node.usesRedis()).isTrue();
      assertThat(node.texts.get("1")).contains(old);
    }
  }

  private CacheNode node(TestRedis redis, WriteStrategy strategy) {
    return new CacheNode("a", database, strategy, redis.url()).awaitRedis();
  }

  /// Puts values, 0, 1 and so on, and then lets Redis have a good deal less memory than they take.
  private void fill(CacheNode node, TestRedis redis) {
    for (int i = 0; i < VALUES; i++) {
      node.texts.put("" + i, value(), HOUR, Set.of());
    }
    long limit = usedMemory(redis) - SPARE_BYTES;
    try (var client = redis.open()) {
      client.commands().configSet("maxmemory", Long.toString(limit));
    }
  }

  /// So that compression is of no use.
  private String value() {
    return random
        .ints(50_000, 0x4e00, 0x9fa0)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private static CacheSettings withoutThirdLevel(TestRedis redis) {
    return CacheNode.settings(
        WriteStrategy.CACHE_ASIDE,
        Map.of("CACHE_DATA_TYPES", "{\"general\":{\"third_level\":false}}"),
        redis.url());
  }

  private static boolean inRedis(TestRedis redis, String member) {
    try (var client = redis.open()) {
      return client.commands().exists("cache:entry:" + member);
    }
  }

  private static long waiting(TestRedis redis) {
    try (var client = redis.open()) {
      return client.commands().zcard("cache:dirty:order");
    }
  }

  private static long usedMemory(TestRedis redis) {
    return Long.parseLong(redis.info("used_memory").strip());
  }
}
