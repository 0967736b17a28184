package io.soilhub.scalability.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.soilhub.scalability.cache.redis.LeaseReply.Busy;
import io.soilhub.scalability.cache.redis.LeaseReply.Granted;
import io.soilhub.scalability.cache.redis.LeaseReply.Hit;
import io.soilhub.scalability.platform.core.PeriodicTask;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.redis.RedisSettings;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.UnifiedJedis;

/// Two nodes on one Redis server.
class RedisShardIT {

  private static final Lifetime HOUR =
      new Lifetime(Duration.ofMinutes(50), Duration.ofHours(1), Duration.ofHours(2));
  private static final String KEY = "general:k";
  private static final Duration BOUND = Duration.ofMillis(500);
  private static TestRedis server;

  private static final class Node implements AutoCloseable {
    private final Queue<String> forgotten = new ConcurrentLinkedQueue<>();
    private final RedisShard shard;
    private final PeriodicTask periodicTask;

    Node(String name) {
      shard = new RedisShard(settings(), 0, name, Ticker.system(), forgotten::add);
      periodicTask = PeriodicTask.every(Duration.ofMillis(20), name, () -> shard.step(() -> true));
      Await.until(name + " reads the log", Duration.ofSeconds(10), this::ready);
    }

    boolean ready() {
      return shard.available() && shard.fresh(System.nanoTime());
    }

    Granted lease(String token, String... tags) {
      LeaseReply leaseReply = shard.lease(KEY, token, false, List.of(tags));
      assertThat(leaseReply).isInstanceOf(Granted.class);
      return (Granted) leaseReply;
    }

    boolean fill(Granted granted, String value, String... tags) {
      return shard
          .fill(granted.lease(), HOUR, 0, bytes(value), List.of(tags))
          .map(
              fillReply ->
                  shard
                      .stamp(granted.lease().epoch(), fillReply.tags(), fillReply.seq())
                      .isPresent())
          .orElse(false);
    }

    String peek() {
      return shard.getIfValid(KEY).map(found -> text(found.entry())).orElse("nothing");
    }

    Mutation put(String value, String... tags) {
      return shard.put(KEY, HOUR, 0, false, PendingChange.NONE, bytes(value), List.of(tags));
    }

    Mutation invalidate(List<String> keys, List<String> tags) {
      Mutation mutation = shard.invalidate(keys, tags, 0, PendingChange.NONE);
      assertThat(shard.awaitApplied(mutation)).isTrue();
      return mutation;
    }

    @Override
    public void close() {
      periodicTask.close();
      shard.close();
    }
  }

  private Node a;
  private Node b;

  @BeforeAll
  static void startRedis() {
    server = TestRedis.start();
  }

  @AfterAll
  static void stopRedis() {
    server.close();
  }

  @BeforeEach
  void startNodes() {
    flush();
    a = new Node("a");
    b = new Node("b");
  }

  @AfterEach
  void stopNodes() {
    a.close();
    b.close();
  }

  @Test
  void oneNodeLoadsAndBothFind() {
    Granted granted = a.lease("1", "t");
    assertThat(b.shard.lease(KEY, "2", false, List.of())).isInstanceOf(Busy.class);
    assertThat(a.fill(granted, "v1", "t")).isTrue();
    assertThat(a.peek()).isEqualTo("v1");
    assertThat(b.shard.lease(KEY, "2", false, List.of()))
        .isInstanceOfSatisfying(
            Hit.class,
            hit -> {
              assertThat(text(hit.entry())).isEqualTo("v1");
              assertThat(b.shard.stamp(hit.epoch(), hit.entry().tags(), hit.seq())).isPresent();
            });
    assertThat(b.peek()).as("now that b knows the tag").isEqualTo("v1");
  }

  @Test
  void aLoadThatBeganBeforeAnInvalidationOfItsKeyFillsNothing() {
    Granted granted = a.lease("1");
    b.invalidate(List.of(KEY), List.of());
    assertThat(a.fill(granted, "old")).isFalse();
    assertThat(a.shard.lease(KEY, "2", false, List.of())).isInstanceOf(Granted.class);
  }

  @Test
  void aLoadThatBeganBeforeAnInvalidationOfItsTagFillsNothing() {
    Granted declared = a.lease("1", "t");
    b.invalidate(List.of(), List.of("t"));
    assertThat(a.fill(declared, "old", "t")).isFalse();

    Granted undeclared = a.lease("2");
    b.invalidate(List.of(), List.of("new-tag"));
    assertThat(a.fill(undeclared, "old", "new-tag")).isFalse();
    Granted later = a.lease("3");
    assertThat(a.fill(later, "v", "another-new-tag")).as("nothing happened since").isTrue();
  }

  @Test
  void aTagThatWasEvictedInvalidatesRatherThanRevives() {
    assertThat(a.fill(a.lease("1", "t"), "v1", "t")).isTrue();
    b.invalidate(List.of(), List.of("t"));
    redis(jedis -> jedis.del("cache:tag:t"));
    assertThat(a.peek()).isEqualTo("nothing");
    assertThat(a.shard.lease(KEY, "2", false, List.of("t"))).isInstanceOf(Granted.class);
    assertThat(b.peek()).isEqualTo("nothing");
  }

  @Test
  void tagsThatNothingCarriesCostNothing() {
    a.put("v1", "t");
    long before = keys();
    for (int call = 0; call < 20; call++) {
      String name = "flood-" + call + "-";
      a.shard.invalidate(
          List.of(),
          IntStream.range(0, 100).mapToObj(i -> name + i).toList(),
          0,
          PendingChange.NONE);
    }
    assertThat(keys()).isEqualTo(before);
  }

  @Test
  void aTagIsKnownForAsLongAsAnEntryCarriesItAndLittleLonger() {
    a.shard.put(KEY, lasting(5), 0, false, PendingChange.NONE, bytes("v1"), List.of("t"));
    assertThat(secondsLeft("t")).isBetween(5L, 5L + 60);
    a.shard.put(KEY, lasting(500), 0, false, PendingChange.NONE, bytes("v2"), List.of("t"));
    assertThat(secondsLeft("t")).isBetween(500L, 500L + 60);
    a.shard.put(KEY, lasting(5), 0, false, PendingChange.NONE, bytes("v3"), List.of("t"));
    a.shard.invalidate(List.of(), List.of("t"), 0, PendingChange.NONE);
    assertThat(secondsLeft("t")).as("another entry may carry it").isGreaterThan(490);
    assertThat(a.shard.lease(KEY, "1", false, List.of("t"))).isInstanceOf(Granted.class);
  }

  private static Lifetime lasting(int seconds) {
    Duration life = Duration.ofSeconds(seconds);
    return new Lifetime(life, life, life);
  }

  private static long secondsLeft(String tag) {
    try (var client = server.open()) {
      return client.commands().ttl("cache:tag:" + tag);
    }
  }

  private static long keys() {
    try (var client = server.open()) {
      return client.commands().dbSize();
    }
  }

  @Test
  void anInvalidationIsOverWhenTheOtherNodeHasHeardOfIt() {
    Await.until(
        "the epoch is older than the bound",
        Duration.ofSeconds(5),
        () -> b.shard.serverMillis() - b.shard.tagVersions().epoch() / 1000 > 700);
    for (int i = 0; i < 50; i++) {
      a.put("v" + i, "t");
      a.invalidate(List.of("general:x" + i), List.of("t"));
      assertThat(b.forgotten).contains("general:x" + i);
    }
    assertThat(a.peek()).isEqualTo("nothing");
  }

  @Test
  void aPutBreaksTheLeaseOfALoadAndReplaces() {
    Granted granted = a.lease("1");
    assertThat(b.put("new").existed()).isZero();
    assertThat(a.fill(granted, "old")).isFalse();
    assertThat(a.peek()).isEqualTo("new");
    Mutation second = a.put("newer");
    assertThat(second.existed()).isEqualTo(1);
    assertThat(second.version())
        .isGreaterThan(a.shard.begin(KEY, "w", 0).mutation().version() - 1_000_000);
  }

  @Test
  void aWriterKeepsLoadsAwayUntilItHasWritten() {
    WriteLease writeLease = a.shard.begin(KEY, "w", 0);
    assertThat(b.shard.lease(KEY, "r", false, List.of())).isInstanceOf(Busy.class);
    assertThat(
            a.shard.fill(
                writeLease.lease(), HOUR, writeLease.mutation().version(), bytes("w"), List.of()))
        .isPresent();
    assertThat(b.shard.lease(KEY, "r", false, List.of())).isInstanceOf(Hit.class);

    WriteLease first = a.shard.begin(KEY, "w1", 0);
    WriteLease second = b.shard.begin(KEY, "w2", 0);
    assertThat(second.mutation().version()).isGreaterThan(first.mutation().version());
    assertThat(a.shard.fill(first.lease(), HOUR, 1, bytes("1"), List.of())).isEmpty();
    assertThat(b.shard.fill(second.lease(), HOUR, 2, bytes("2"), List.of())).isPresent();
  }

  @Test
  void aRestartedServerVoidsWhatItHeldAndTheLeasesOfBefore() {
    for (int i = 0; i < 20; i++) {
      a.shard.invalidate(List.of(), List.of("t"), 0, PendingChange.NONE);
    }
    a.put("v1", "t");
    assertThat(b.shard.lease(KEY, "1", false, List.of())).isInstanceOf(Hit.class);
    Granted reload = (Granted) b.shard.lease(KEY, "2", true, List.of());
    TagVersions before = a.shard.tagVersions();
    server.kill();
    server.restart();
    Await.until("a is back", Duration.ofSeconds(10), a::ready);
    Await.until("b is back", Duration.ofSeconds(10), b::ready);
    assertThat(a.shard.tagVersions()).isNotSameAs(before);
    assertThat(a.peek()).isEqualTo("nothing");
    assertThat(b.fill(reload, "old")).isFalse();
    assertThat(b.fill(b.lease("3", "t"), "new", "t")).as("numbers of before mean nothing").isTrue();
  }

  @Test
  void afterFlushallNothingRememberedHolds() {
    a.put("v1", "t");
    TagVersions before = b.shard.tagVersions();
    flush();
    Await.until(
        "b began anew", Duration.ofSeconds(5), () -> b.shard.tagVersions() != before && b.ready());
    assertThat(a.fill(a.lease("1", "t"), "v2", "t")).isTrue();
  }

  @Test
  void scriptFlushChangesNothing() {
    a.put("v1");
    redis(UnifiedJedis::scriptFlush);
    assertThat(a.peek()).isEqualTo("v1");
    assertThat(b.shard.lease(KEY, "1", false, List.of())).isInstanceOf(Hit.class);
  }

  @Test
  void killedConnectionsAreReplaced() {
    a.put("v1");
    redis(
        jedis ->
            jedis.executeCommand(
                new CommandArguments(Protocol.Command.CLIENT)
                    .add("KILL")
                    .add("TYPE")
                    .add("normal")));
    assertThat(a.peek()).isEqualTo("v1");
    Await.until("b goes on", Duration.ofSeconds(5), b::ready);
  }

  @Test
  void aDeadServerIsSaidAtOnceAndComesBack() {
    server.kill();
    Await.until("a noticed", Duration.ofSeconds(5), () -> !a.shard.available());
    long start = System.nanoTime();
    assertThatExceptionOfType(RedisUnavailable.class)
        .isThrownBy(() -> a.shard.lease(KEY, "1", false, List.of()));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(200));
    Await.until("silent", Duration.ofSeconds(5), () -> !a.shard.fresh(System.nanoTime()));
    server.restart();
    Await.until("a is back", Duration.ofSeconds(10), a::ready);
  }

  @Test
  void aWaitingWriteStaysTheTruthUntilItIsSettled() {
    Mutation first = a.shard.put(KEY, HOUR, 0, true, PendingChange.NONE, bytes("v1"), List.of());
    Mutation second = a.shard.put(KEY, HOUR, 0, true, PendingChange.NONE, bytes("v2"), List.of());
    redis(jedis -> jedis.del("cache:entry:" + KEY));
    assertThat(b.shard.lease(KEY, "1", false, List.of()))
        .isInstanceOfSatisfying(Hit.class, hit -> assertThat(text(hit.entry())).isEqualTo("v2"));

    Backlog backlog = a.shard.backlog();
    List<DirtyWrite> writes = backlog.dirty("a", Duration.ofSeconds(5), 10);
    assertThat(writes).singleElement().satisfies(w -> assertThat(text(w.entry())).isEqualTo("v2"));
    assertThat(b.shard.backlog().dirty("b", Duration.ofSeconds(5), 10)).isEmpty();
    assertThat(backlog.settle(java.util.Map.of(KEY, first.version()))).as("an older one").isOne();
    assertThat(backlog.settle(java.util.Map.of(KEY, second.version()))).isZero();
    assertThat(b.shard.lease(KEY, "2", false, List.of())).isInstanceOf(Granted.class);
  }

  @Test
  void whatIsOwedIsRememberedUntilPaid() {
    a.shard.invalidate(List.of(KEY), List.of(), 0, new PendingChange(true, Set.of("p")));
    assertThat(b.lease("1").thirdLevelHolds()).isFalse();
    Backlog.PendingChanges noted = b.shard.backlog().pendingChanges(10);
    assertThat(noted.members()).containsExactly(KEY);
    assertThat(noted.purges()).containsExactly("p");
    a.shard.invalidate(List.of(KEY), List.of("t"), 0, new PendingChange(true, Set.of()));
    b.shard.backlog().told(noted);
    Backlog.PendingChanges again = b.shard.backlog().pendingChanges(10);
    assertThat(again.members()).as("owed again meanwhile").containsExactly(KEY);
    assertThat(again.tags()).containsExactly("t");
    assertThat(again.purges()).isEmpty();
    b.shard.backlog().told(again);
    assertThat(b.shard.backlog().pendingChanges(10).isEmpty()).isTrue();
    assertThat(b.lease("2").thirdLevelHolds()).isTrue();
  }

  @Test
  void whatANodeRemembersHoldsOnlyWhileItCannotHaveMissedAnything() {
    AtomicLong now = new AtomicLong();
    AtomicBoolean told = new AtomicBoolean();
    try (RedisShard c = new RedisShard(settings(), 0, "c", now::get, _ -> {})) {
      c.step(told::get);
      assertThat(c.available()).as("the server has yet to be told what it missed").isFalse();
      assertThat(c.fresh(now.get())).isFalse();
      told.set(true);
      c.step(told::get);
      assertThat(c.available()).isTrue();
      assertThat(c.fresh(now.get())).isTrue();
      told.set(false);
      now.addAndGet(BOUND.toNanos() * 9 / 10);
      c.step(told::get);
      now.addAndGet(BOUND.toNanos() * 9 / 10);
      assertThat(c.fresh(now.get())).as("it never was silent").isTrue();
      now.addAndGet(BOUND.toNanos());
      c.step(told::get);
      c.step(told::get);
      assertThat(c.fresh(now.get())).as("it stood still").isFalse();
      told.set(true);
      c.step(told::get);
      assertThat(c.fresh(now.get())).isTrue();
    }
  }

  @Test
  void whatAServerMissedItIsToldOnce() {
    List<RelayedInvalidation> missed = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      missed.add(new RelayedInvalidation("row " + i, List.of("general:" + i, KEY), List.of(), 0));
    }
    a.put("before", "t");
    TagVersions before = b.shard.tagVersions();
    a.shard.relay(missed);
    assertThat(b.shard.lease(KEY, "1", false, List.of())).isInstanceOf(Granted.class);
    long version = a.put("after", "t").version();
    b.shard.relay(missed);
    assertThat(b.shard.lease(KEY, "2", false, List.of())).isInstanceOf(Hit.class);
    b.shard.relay(
        List.of(new RelayedInvalidation("row 1500", List.of(), List.of("t"), version + 1_000_000)));
    assertThat(b.shard.lease(KEY, "3", false, List.of())).isInstanceOf(Granted.class);
    assertThat(a.put("later").version()).isGreaterThan(version + 1_000_000);
    Await.until(
        "b forgot what it was told of",
        Duration.ofSeconds(5),
        // the log holds a thousand: a reader that comes late drops all that it remembered
        () -> b.forgotten.contains("general:1499") || b.shard.tagVersions() != before);
  }

  /// Written by another version, by hand, or cut off.
  @ParameterizedTest
  @MethodSource
  void bytesThatAreNoEntryAreNoneAndNotInTheWay(byte[] bytes) {
    byte[] entry = bytes("cache:entry:" + KEY);
    redis(jedis -> jedis.set(entry, bytes));
    assertThat(a.peek()).isEqualTo("nothing");
    assertThat(a.invalidate(List.of(KEY), List.of()).existed()).isZero();
    redis(jedis -> assertThat(jedis.exists(entry)).isFalse());

    redis(jedis -> jedis.set(entry, bytes));
    assertThat(a.fill(a.lease("1"), "loaded")).isTrue();
    assertThat(b.peek()).isEqualTo("loaded");

    redis(jedis -> jedis.set(entry, bytes));
    assertThat(a.put("put").existed()).isZero();
    assertThat(b.peek()).isEqualTo("put");
    assertThat(a.shard.available()).isTrue();
  }

  static Stream<byte[]> bytesThatAreNoEntryAreNoneAndNotInTheWay() {
    byte[] manyTags = new byte[40];
    manyTags[0] = 1;
    manyTags[33] = -1;
    byte[] longTag = new byte[40];
    longTag[0] = 1;
    longTag[34] = 1;
    longTag[35] = -1;
    byte[] ofTheNextVersion = new byte[40];
    ofTheNextVersion[0] = 2;
    return Stream.of(
        new byte[0], bytes("garbage"), new byte[40], manyTags, longTag, ofTheNextVersion);
  }

  @Test
  void anEntryThatIsNoStringIsNoneAndNotInTheWay() {
    redis(jedis -> jedis.lpush("cache:entry:" + KEY, "by hand"));
    assertThat(a.peek()).isEqualTo("nothing");
    assertThat(a.fill(a.lease("1"), "loaded")).isTrue();
    assertThat(a.shard.available()).isTrue();
  }

  @Test
  void aWaitingWriteThatIsNoneIsPassedOver() {
    a.shard.put("general:1", HOUR, 0, true, PendingChange.NONE, bytes("v"), List.of());
    redis(
        jedis -> {
          jedis.hset(bytes("cache:dirty"), bytes(KEY), bytes("garbage"));
          jedis.zadd("cache:dirty:order", 0, KEY);
        });
    Backlog backlog = a.shard.backlog();
    assertThat(backlog.dirty("a", Duration.ofSeconds(5), 10))
        .singleElement()
        .satisfies(write -> assertThat(write.member()).isEqualTo("general:1"));
    assertThat(a.lease("1")).isNotNull();
    assertThat(a.put("new").existed()).isZero();
    assertThat(a.shard.available()).isTrue();
  }

  private static RedisCacheSettings settings() {
    RedisSettings redis = RedisSettings.of(server.url(), 8, Duration.ofSeconds(1));
    return new RedisCacheSettings(List.of(redis), BOUND, Duration.ofSeconds(5), 1000);
  }

  private static void flush() {
    redis(UnifiedJedis::flushAll);
  }

  private static void redis(java.util.function.Consumer<UnifiedJedis> work) {
    try (var redis = server.open()) {
      work.accept(redis.commands());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(EncodedEntry encodedEntry) {
    return new String(encodedEntry.payload(), StandardCharsets.UTF_8);
  }
}
