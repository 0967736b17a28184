package io.soilhub.scalability.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.soilhub.scalability.coherence.Leased.Busy;
import io.soilhub.scalability.coherence.Leased.Granted;
import io.soilhub.scalability.coherence.Leased.Hit;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.RedisSettings;
import io.soilhub.scalability.platform.Ticker;
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
class PartitionIT {

  private static final Lifetime HOUR =
      new Lifetime(Duration.ofMinutes(50), Duration.ofHours(1), Duration.ofHours(2));
  private static final String KEY = "general:k";
  private static final Duration BOUND = Duration.ofMillis(500);
  private static TestRedis server;

  private static final class Node implements AutoCloseable {
    private final Queue<String> forgotten = new ConcurrentLinkedQueue<>();
    private final Partition partition;
    private final Loop loop;

    Node(String name) {
      partition = new Partition(settings(), 0, name, Ticker.system(), forgotten::add, () -> true);
      loop = Loop.every(Duration.ofMillis(20), name, partition::step);
      Await.until(name + " reads the log", Duration.ofSeconds(10), this::ready);
    }

    boolean ready() {
      return partition.available() && partition.fresh(System.nanoTime());
    }

    Granted lease(String token, String... tags) {
      Leased leased = partition.lease(KEY, token, false, List.of(tags));
      assertThat(leased).isInstanceOf(Granted.class);
      return (Granted) leased;
    }

    boolean fill(Granted granted, String value, String... tags) {
      return partition
          .fill(granted.lease(), HOUR, 0, bytes(value), List.of(tags))
          .map(
              filled ->
                  partition.stamp(granted.lease().epoch(), filled.tags(), filled.seq()).isPresent())
          .orElse(false);
    }

    String peek() {
      return partition.peek(KEY).map(found -> text(found.frame())).orElse("nothing");
    }

    Mutation put(String value, String... tags) {
      return partition.put(KEY, HOUR, 0, false, Debt.NONE, bytes(value), List.of(tags));
    }

    Mutation invalidate(List<String> keys, List<String> tags) throws InterruptedException {
      Mutation mutation = partition.invalidate(keys, tags, 0, Debt.NONE);
      partition.awaitApplied(mutation);
      return mutation;
    }

    @Override
    public void close() {
      loop.close();
      partition.close();
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
    assertThat(b.partition.lease(KEY, "2", false, List.of())).isInstanceOf(Busy.class);
    assertThat(a.fill(granted, "v1", "t")).isTrue();
    assertThat(a.peek()).isEqualTo("v1");
    assertThat(b.partition.lease(KEY, "2", false, List.of()))
        .isInstanceOfSatisfying(
            Hit.class,
            hit -> {
              assertThat(text(hit.frame())).isEqualTo("v1");
              assertThat(b.partition.stamp(hit.epoch(), hit.frame().tags(), hit.seq())).isPresent();
            });
    assertThat(b.peek()).as("now that b knows the tag").isEqualTo("v1");
  }

  @Test
  void aLoadThatBeganBeforeAnInvalidationOfItsKeyFillsNothing() throws InterruptedException {
    Granted granted = a.lease("1");
    b.invalidate(List.of(KEY), List.of());
    assertThat(a.fill(granted, "old")).isFalse();
    assertThat(a.partition.lease(KEY, "2", false, List.of())).isInstanceOf(Granted.class);
  }

  @Test
  void aLoadThatBeganBeforeAnInvalidationOfItsTagFillsNothing() throws InterruptedException {
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
  void aTagThatWasEvictedInvalidatesRatherThanRevives() throws InterruptedException {
    assertThat(a.fill(a.lease("1", "t"), "v1", "t")).isTrue();
    b.invalidate(List.of(), List.of("t"));
    redis(jedis -> jedis.del("cache:tag:t"));
    assertThat(a.peek()).isEqualTo("nothing");
    assertThat(a.partition.lease(KEY, "2", false, List.of("t"))).isInstanceOf(Granted.class);
    assertThat(b.peek()).isEqualTo("nothing");
  }

  @Test
  void tagsThatNothingCarriesCostNothing() {
    a.put("v1", "t");
    long before = keys();
    for (int call = 0; call < 20; call++) {
      String name = "flood-" + call + "-";
      a.partition.invalidate(
          List.of(), IntStream.range(0, 100).mapToObj(i -> name + i).toList(), 0, Debt.NONE);
    }
    assertThat(keys()).isEqualTo(before);
  }

  @Test
  void aTagIsKnownForAsLongAsAnEntryCarriesItAndLittleLonger() {
    a.partition.put(KEY, lasting(5), 0, false, Debt.NONE, bytes("v1"), List.of("t"));
    assertThat(secondsLeft("t")).isBetween(5L, 5L + 60);
    a.partition.put(KEY, lasting(500), 0, false, Debt.NONE, bytes("v2"), List.of("t"));
    assertThat(secondsLeft("t")).isBetween(500L, 500L + 60);
    a.partition.put(KEY, lasting(5), 0, false, Debt.NONE, bytes("v3"), List.of("t"));
    a.partition.invalidate(List.of(), List.of("t"), 0, Debt.NONE);
    assertThat(secondsLeft("t")).as("another entry may carry it").isGreaterThan(490);
    assertThat(a.partition.lease(KEY, "1", false, List.of("t"))).isInstanceOf(Granted.class);
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
  void anInvalidationIsOverWhenTheOtherNodeHasHeardOfIt() throws InterruptedException {
    Await.until(
        "the epoch is older than the bound",
        Duration.ofSeconds(5),
        () -> b.partition.serverMillis() - b.partition.view().epoch() / 1000 > 700);
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
        .isGreaterThan(a.partition.begin(KEY, "w", 0).mutation().version() - 1_000_000);
  }

  @Test
  void aWriterKeepsLoadsAwayUntilItHasWritten() {
    Begun begun = a.partition.begin(KEY, "w", 0);
    assertThat(b.partition.lease(KEY, "r", false, List.of())).isInstanceOf(Busy.class);
    assertThat(
            a.partition.fill(
                begun.lease(), HOUR, begun.mutation().version(), bytes("w"), List.of()))
        .isPresent();
    assertThat(b.partition.lease(KEY, "r", false, List.of())).isInstanceOf(Hit.class);

    Begun first = a.partition.begin(KEY, "w1", 0);
    Begun second = b.partition.begin(KEY, "w2", 0);
    assertThat(second.mutation().version()).isGreaterThan(first.mutation().version());
    assertThat(a.partition.fill(first.lease(), HOUR, 1, bytes("1"), List.of())).isEmpty();
    assertThat(b.partition.fill(second.lease(), HOUR, 2, bytes("2"), List.of())).isPresent();
  }

  @Test
  void aRestartedServerVoidsWhatItHeldAndTheLeasesOfBefore() {
    for (int i = 0; i < 20; i++) {
      a.partition.invalidate(List.of(), List.of("t"), 0, Debt.NONE);
    }
    a.put("v1", "t");
    assertThat(b.partition.lease(KEY, "1", false, List.of())).isInstanceOf(Hit.class);
    Granted reload = (Granted) b.partition.lease(KEY, "2", true, List.of());
    View before = a.partition.view();
    server.kill();
    server.restart();
    Await.until("a is back", Duration.ofSeconds(10), a::ready);
    Await.until("b is back", Duration.ofSeconds(10), b::ready);
    assertThat(a.partition.view()).isNotSameAs(before);
    assertThat(a.peek()).isEqualTo("nothing");
    assertThat(b.fill(reload, "old")).isFalse();
    assertThat(b.fill(b.lease("3", "t"), "new", "t")).as("numbers of before mean nothing").isTrue();
  }

  @Test
  void afterFlushallNothingRememberedHolds() {
    a.put("v1", "t");
    View before = b.partition.view();
    flush();
    Await.until(
        "b took a new view",
        Duration.ofSeconds(5),
        () -> b.partition.view() != before && b.ready());
    assertThat(a.fill(a.lease("1", "t"), "v2", "t")).isTrue();
  }

  @Test
  void scriptFlushChangesNothing() {
    a.put("v1");
    redis(UnifiedJedis::scriptFlush);
    assertThat(a.peek()).isEqualTo("v1");
    assertThat(b.partition.lease(KEY, "1", false, List.of())).isInstanceOf(Hit.class);
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
    Await.until("a noticed", Duration.ofSeconds(5), () -> !a.partition.available());
    long start = System.nanoTime();
    assertThatExceptionOfType(CoherenceAway.class)
        .isThrownBy(() -> a.partition.lease(KEY, "1", false, List.of()));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(200));
    Await.until("silent", Duration.ofSeconds(5), () -> !a.partition.fresh(System.nanoTime()));
    server.restart();
    Await.until("a is back", Duration.ofSeconds(10), a::ready);
  }

  @Test
  void aWaitingWriteStaysTheTruthUntilItIsSettled() {
    Mutation first = a.partition.put(KEY, HOUR, 0, true, Debt.NONE, bytes("v1"), List.of());
    Mutation second = a.partition.put(KEY, HOUR, 0, true, Debt.NONE, bytes("v2"), List.of());
    redis(jedis -> jedis.del("cache:entry:" + KEY));
    assertThat(b.partition.lease(KEY, "1", false, List.of()))
        .isInstanceOfSatisfying(Hit.class, hit -> assertThat(text(hit.frame())).isEqualTo("v2"));

    Backlog backlog = a.partition.backlog();
    List<DirtyWrite> writes = backlog.dirty("a", Duration.ofSeconds(5), 10);
    assertThat(writes).singleElement().satisfies(w -> assertThat(text(w.frame())).isEqualTo("v2"));
    assertThat(b.partition.backlog().dirty("b", Duration.ofSeconds(5), 10)).isEmpty();
    assertThat(backlog.settle(java.util.Map.of(KEY, first.version()))).as("an older one").isOne();
    assertThat(backlog.settle(java.util.Map.of(KEY, second.version()))).isZero();
    assertThat(b.partition.lease(KEY, "2", false, List.of())).isInstanceOf(Granted.class);
  }

  @Test
  void whatIsOwedIsRememberedUntilPaid() {
    a.partition.invalidate(List.of(KEY), List.of(), 0, new Debt(true, Set.of("p")));
    assertThat(b.lease("1").thirdLevelHolds()).isFalse();
    Backlog.Debts debts = b.partition.backlog().debts(10);
    assertThat(debts.members()).containsExactly(KEY);
    assertThat(debts.purges()).containsExactly("p");
    a.partition.invalidate(List.of(KEY), List.of("t"), 0, new Debt(true, Set.of()));
    b.partition.backlog().paid(debts);
    Backlog.Debts again = b.partition.backlog().debts(10);
    assertThat(again.members()).as("owed again meanwhile").containsExactly(KEY);
    assertThat(again.tags()).containsExactly("t");
    assertThat(again.purges()).isEmpty();
    b.partition.backlog().paid(again);
    assertThat(b.partition.backlog().debts(10).none()).isTrue();
    assertThat(b.lease("2").thirdLevelHolds()).isTrue();
  }

  @Test
  void whatANodeRemembersHoldsOnlyWhileItCannotHaveMissedAnything() {
    AtomicLong now = new AtomicLong();
    AtomicBoolean told = new AtomicBoolean();
    try (Partition c = new Partition(settings(), 0, "c", now::get, _ -> {}, told::get)) {
      c.step();
      assertThat(c.available()).as("the server has yet to be told what it missed").isFalse();
      assertThat(c.fresh(now.get())).isFalse();
      told.set(true);
      c.step();
      assertThat(c.available()).isTrue();
      assertThat(c.fresh(now.get())).isTrue();
      told.set(false);
      now.addAndGet(BOUND.toNanos() * 9 / 10);
      c.step();
      now.addAndGet(BOUND.toNanos() * 9 / 10);
      assertThat(c.fresh(now.get())).as("it never was silent").isTrue();
      now.addAndGet(BOUND.toNanos());
      c.step();
      c.step();
      assertThat(c.fresh(now.get())).as("it stood still").isFalse();
      told.set(true);
      c.step();
      assertThat(c.fresh(now.get())).isTrue();
    }
  }

  @Test
  void whatAServerMissedItIsToldOnce() {
    List<Missed> missed = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      missed.add(new Missed("row " + i, List.of("general:" + i, KEY), List.of(), 0));
    }
    a.put("before", "t");
    View before = b.partition.view();
    a.partition.tell(missed);
    assertThat(b.partition.lease(KEY, "1", false, List.of())).isInstanceOf(Granted.class);
    long version = a.put("after", "t").version();
    b.partition.tell(missed);
    assertThat(b.partition.lease(KEY, "2", false, List.of())).isInstanceOf(Hit.class);
    b.partition.tell(List.of(new Missed("row 1500", List.of(), List.of("t"), version + 1_000_000)));
    assertThat(b.partition.lease(KEY, "3", false, List.of())).isInstanceOf(Granted.class);
    assertThat(a.put("later").version()).isGreaterThan(version + 1_000_000);
    Await.until(
        "b forgot what it was told of",
        Duration.ofSeconds(5),
        // the log holds a thousand: a reader that comes late drops all that it remembered
        () -> b.forgotten.contains("general:1499") || b.partition.view() != before);
  }

  /// Written by another version, by hand, or cut off.
  @ParameterizedTest
  @MethodSource
  void bytesThatAreNoEntryAreNoneAndNotInTheWay(byte[] bytes) throws InterruptedException {
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
    assertThat(a.partition.available()).isTrue();
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
  void anEntryThatIsNoStringIsNoneAndNotInTheWay() throws InterruptedException {
    redis(jedis -> jedis.lpush("cache:entry:" + KEY, "by hand"));
    assertThat(a.peek()).isEqualTo("nothing");
    assertThat(a.fill(a.lease("1"), "loaded")).isTrue();
    assertThat(a.partition.available()).isTrue();
  }

  @Test
  void aWaitingWriteThatIsNoneIsPassedOver() {
    a.partition.put("general:1", HOUR, 0, true, Debt.NONE, bytes("v"), List.of());
    redis(
        jedis -> {
          jedis.hset(bytes("cache:dirty"), bytes(KEY), bytes("garbage"));
          jedis.zadd("cache:dirty:order", 0, KEY);
        });
    Backlog backlog = a.partition.backlog();
    assertThat(backlog.dirty("a", Duration.ofSeconds(5), 10))
        .singleElement()
        .satisfies(write -> assertThat(write.member()).isEqualTo("general:1"));
    assertThat(a.lease("1")).isNotNull();
    assertThat(a.put("new").existed()).isZero();
    assertThat(a.partition.available()).isTrue();
  }

  private static CoherenceSettings settings() {
    RedisSettings redis = RedisSettings.of(server.url(), 8, Duration.ofSeconds(1));
    return new CoherenceSettings(List.of(redis), BOUND, Duration.ofSeconds(5), 1000);
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

  private static String text(Frame frame) {
    return new String(frame.payload(), StandardCharsets.UTF_8);
  }
}
