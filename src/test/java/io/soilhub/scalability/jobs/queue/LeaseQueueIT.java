package io.soilhub.scalability.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/// The scripts on a real Redis against a model in plain Java, by long random histories. Times are
/// at least ten seconds apart, priorities included, so that the two agree however long a step
/// takes; an expired lease is made by setting its deadline back.
class LeaseQueueIT {

  private static final int STEP_SECONDS = 150;
  private static final LeaseTiming TIMING =
      new LeaseTiming(Duration.ofHours(1), Duration.ofSeconds(STEP_SECONDS));
  private static final long BEFORE_ALL = -1_000_000_000;
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String RUN = "run-1";
  private static final List<String> NODES = List.of("a", "b");

  private final RedisClients redis = TestRedis.shared().open(3);
  private final Map<String, LeaseQueue> queues = new HashMap<>();

  @BeforeEach
  void open() {
    redis.commands().flushDB();
    for (String node : NODES) {
      queues.put(node, new LeaseQueue(redis.commands(), redis.commands(), "q", node, TIMING));
    }
    queues.get("a").complete(RUN);
  }

  @AfterEach
  void close() {
    redis.close();
  }

  @RepeatedTest(30)
  void theScriptsDoWhatTheModelDoes(RepetitionInfo repetition) {
    new History(new SplittableRandom(repetition.getCurrentRepetition())).run(150);
  }

  @Test
  void aQueueOfAnotherIncarnationHandsOutNothing() {
    LeaseQueue queue = queues.get("a");
    QueueEntry queueEntry = new QueueEntry(1, new UUID(0, 1));
    queue.add(List.of(new DelayedEntry(queueEntry, Duration.ZERO)));
    assertThat(queue.claimReply("run-2", List.of(), List.of(), List.of(), 5).known()).isFalse();
    redis.commands().flushDB();
    queue.add(List.of(new DelayedEntry(queueEntry, Duration.ZERO)));
    assertThat(queue.claimReply(RUN, List.of(), List.of(), List.of(), 5).known()).isFalse();
    queue.complete(RUN);
    assertThat(queue.claimReply(RUN, List.of(), List.of(), List.of(), 5).taken())
        .containsExactly(queueEntry);
  }

  @Test
  void theRateIsTheGenericCellRate() {
    LeaseQueue queue = queues.get("a");
    queue.limit(false, 0, 600);
    for (int i = 0; i < 50; i++) {
      queue.add(List.of(new DelayedEntry(new QueueEntry(1, new UUID(0, i)), Duration.ZERO)));
    }
    long begin = System.nanoTime();
    ClaimReply burst = queue.claimReply(RUN, List.of(), List.of(), List.of(), 50);
    assertThat(burst.taken()).as("a second's worth at once").hasSize(10);
    assertThat(burst.rateWait()).isBetween(Duration.ofMillis(1), Duration.ofMillis(100));
    AtomicInteger passed = new AtomicInteger();
    Await.until(
        "15 more pass",
        Duration.ofSeconds(30),
        () ->
            passed.addAndGet(
                    queue.claimReply(RUN, List.of(), List.of(), List.of(), 50).taken().size())
                >= 15);
    assertThat(passed).hasValueLessThanOrEqualTo(15 + 10);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertThat(took).isGreaterThan(Duration.ofMillis(1400));
  }

  @Test
  void whatWasNotUsedReturnsToItsPlace() {
    List<QueueEntry> all = due(20, 1);
    LeaseQueue one = queues.get("a");
    assertThat(take(one, 7)).isEqualTo(all.subList(0, 7));
    assertThat(take(queues.get("b"), 3)).isEqualTo(all.subList(7, 10));
    ClaimReply next = one.claimReply(RUN, List.of(), List.of(), all.subList(0, 7), 9);
    List<QueueEntry> expected = new ArrayList<>(all.subList(0, 7));
    expected.addAll(all.subList(10, 12));
    assertThat(next.taken()).isEqualTo(expected);
  }

  @Test
  void whatIsDueTogetherIsTakenByPriority() {
    LeaseQueue queue = queues.get("a");
    List<DelayedEntry> low = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      low.add(new DelayedEntry(new QueueEntry(0, new UUID(1, i)), Duration.ofMillis(500)));
    }
    queue.add(low);
    List<QueueEntry> critical = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      critical.add(new QueueEntry(3, new UUID(2, i)));
    }
    queue.add(critical.stream().map(m -> new DelayedEntry(m, Duration.ofMillis(500))).toList());
    Await.until("all are due", SOON, () -> dueNow() == 5025);
    assertThat(take(queue, 25)).isEqualTo(critical);
    assertThat(take(queue, 3)).allMatch(queueEntry -> queueEntry.priority() == 0);
  }

  @Test
  void aLateAnnouncementDoesNotPutALeasedMemberAtTheDisposalOfOthers() {
    QueueEntry queueEntry = due(1, 1).getFirst();
    LeaseQueue owner = queues.get("a");
    assertThat(take(owner, 1)).containsExactly(queueEntry);
    owner.add(List.of(new DelayedEntry(queueEntry, Duration.ZERO)));
    assertThat(take(queues.get("b"), 1)).isEmpty();
    // It may have been opened again after its end: only the journal knows.
    owner.claimReply(RUN, List.of(queueEntry), List.of(), List.of(), 0);
    assertThat(take(queues.get("b"), 1)).containsExactly(queueEntry);
  }

  @Test
  void aRaisedRateIsInForceAtOnce() {
    due(50, 1);
    LeaseQueue queue = queues.get("a");
    queue.limit(false, 0, 1);
    assertThat(take(queue, 50)).hasSize(1);
    assertThat(take(queue, 50)).isEmpty();
    queue.limit(false, 0, 6000);
    ClaimReply next = queue.claimReply(RUN, List.of(), List.of(), List.of(), 50);
    assertThat(next.rateWait()).isLessThanOrEqualTo(Duration.ofMillis(10));
    List<QueueEntry> taken = new ArrayList<>(next.taken());
    Await.until(
        "ten more",
        Duration.ofSeconds(5),
        () -> {
          taken.addAll(take(queue, 50));
          return taken.size() >= 10;
        });
  }

  @Test
  void leasesThatRanOutWhileNobodyWasHeardAreKeptForOneMore() {
    Duration lease = Duration.ofSeconds(2);
    LeaseTiming timing = new LeaseTiming(lease, Duration.ZERO);
    LeaseQueue living = queue("living", timing);
    LeaseQueue dead = queue("dead", timing);
    LeaseQueue other = queue("other", timing);
    List<QueueEntry> both = due(2, 1);
    assertThat(take(living, 1)).isEqualTo(both.subList(0, 1));
    assertThat(take(dead, 1)).isEqualTo(both.subList(1, 2));
    long silent = System.nanoTime();
    Await.until("longer than a lease", SOON, () -> nanosSince(silent) > lease.toNanos() * 3 / 2);
    assertThat(take(other, 2)).as("Redis was away, not the owners").isEmpty();
    long back = System.nanoTime();
    List<QueueEntry> taken = new ArrayList<>();
    Await.until(
        "what its owner did not renew is taken back",
        SOON,
        () -> {
          assertThat(living.renew(both.subList(0, 1), false).unknown()).isEmpty();
          taken.addAll(take(other, 2));
          return !taken.isEmpty();
        });
    assertThat(taken).isEqualTo(both.subList(1, 2));
    assertThat(Duration.ofNanos(nanosSince(back)))
        .isGreaterThan(lease.multipliedBy(9).dividedBy(10));
  }

  @Test
  void aClockThatWasAheadDelaysNothingBeyondALease() {
    LeaseQueue queue = queues.get("a");
    long ahead = redisMillis() + Duration.ofDays(1).toMillis();
    QueueEntry delayed = new QueueEntry(2, new UUID(0, 1));
    QueueEntry early = new QueueEntry(2, new UUID(0, 2));
    QueueEntry ready = new QueueEntry(2, new UUID(0, 3));
    redis.commands().zadd("jobs:{q}:delayed", ahead, delayed.text());
    redis.commands().zadd("jobs:{q}:ranked", 7e15 + ahead, delayed.text());
    redis.commands().zadd("jobs:{q}:ready", ahead - 2 * STEP_SECONDS * 1000, ready.text());
    redis.commands().hset("jobs:{q}:contact", Map.of("at", "" + ahead, "grace", "" + ahead));
    redis.commands().set("jobs:{q}:rate", "" + ahead);
    redis.commands().zadd("jobs:{q}:lease", ahead, early.text());
    redis.commands().hset("jobs:{q}:owner", early.text(), "dead " + ahead);
    queue.limit(false, 0, 60);
    // as the journal says on its walk
    Duration waited = Duration.ofSeconds(-9);
    queue.add(
        List.of(
            new DelayedEntry(ready, waited), new DelayedEntry(delayed, waited.minusSeconds(1))));
    ClaimReply answer = queue.claimReply(RUN, List.of(), List.of(), List.of(), 5);
    assertThat(answer.rateWait()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    queue.limit(false, 0, 0);
    assertThat(take(queue, 5)).containsExactly(delayed, ready);
    long longest = redisMillis() + TIMING.lease().toMillis();
    assertThat(redis.commands().zscore("jobs:{q}:lease", early.text()))
        .isLessThanOrEqualTo(longest);
    assertThat(Double.parseDouble(redis.commands().hget("jobs:{q}:contact", "grace")))
        .isLessThanOrEqualTo(longest);
  }

  @Test
  void aFullRedisCanBeDrained() {
    try (TestRedis full = TestRedis.start();
        RedisClients clients = full.open()) {
      LeaseQueue queue = new LeaseQueue(clients.commands(), clients.commands(), "q", "a", TIMING);
      queue.complete(RUN);
      QueueEntry first = new QueueEntry(1, new UUID(0, 1));
      QueueEntry second = new QueueEntry(1, new UUID(0, 2));
      Duration waited = Duration.ofSeconds(-1);
      queue.add(List.of(new DelayedEntry(first, waited), new DelayedEntry(second, waited)));
      clients.commands().configSet("maxmemory", "1");
      assertThat(take(queue, 1)).containsExactly(first);
      assertThat(queue.renew(List.of(first), false).unknown()).isEmpty();
      ClaimReply next = queue.claimReply(RUN, List.of(first), List.of(), List.of(), 1);
      assertThat(next.taken()).containsExactly(second);
    }
  }

  /// The rest of a queue that replicas of the version before work on as well.
  @Test
  void whatAnOlderVersionLeavesIsFound() {
    LeaseQueue queue = queues.get("a");
    long now = redisMillis();
    QueueEntry due = new QueueEntry(1, new UUID(0, 1));
    redis.commands().zadd("jobs:{q}:delayed", now - 5000, due.text());
    QueueEntry postponed = new QueueEntry(2, new UUID(0, 2));
    redis.commands().zadd("jobs:{q}:ranked", 7e15 + now - 5000, postponed.text());
    redis.commands().zadd("jobs:{q}:delayed", now + 3_600_000, postponed.text());
    QueueEntry promoted = new QueueEntry(2, new UUID(0, 3));
    redis.commands().zadd("jobs:{q}:ranked", 7e15 + now - 5000, promoted.text());
    redis.commands().zadd("jobs:{q}:lease", now + 60_000, promoted.text());
    redis.commands().hset("jobs:{q}:owner", promoted.text(), "older");
    QueueEntry expired = new QueueEntry(1, new UUID(0, 4));
    redis.commands().zadd("jobs:{q}:lease", now - 1, expired.text());
    redis.commands().hset("jobs:{q}:owner", expired.text(), "older");
    queue.add(List.of(new DelayedEntry(promoted, Duration.ZERO)));
    assertThat(take(queue, 9)).containsExactly(expired, due);
    assertThat(redis.commands().hget("jobs:{q}:owner", promoted.text())).isEqualTo("older");
    assertThat(redis.commands().zrange("jobs:{q}:delayed", 0, -1))
        .containsExactly(postponed.text());
    assertThat(redis.commands().zcard("jobs:{q}:ranked")).isZero();
  }

  /// Members that have been due for some seconds, in this order.
  private List<QueueEntry> due(int count, int priority) {
    List<QueueEntry> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      QueueEntry queueEntry = new QueueEntry(priority, new UUID(0, count - i));
      queues
          .get("a")
          .add(List.of(new DelayedEntry(queueEntry, Duration.ofSeconds(10L * (i - count)))));
      members.add(queueEntry);
    }
    return members;
  }

  private LeaseQueue queue(String node, LeaseTiming timing) {
    return new LeaseQueue(redis.commands(), redis.commands(), "q", node, timing);
  }

  private static List<QueueEntry> take(LeaseQueue queue, int wanted) {
    return queue.claimReply(RUN, List.of(), List.of(), List.of(), wanted).taken();
  }

  private long dueNow() {
    return redis.commands().zcount("jobs:{q}:delayed", 0, redisMillis());
  }

  private long redisMillis() {
    List<?> time = (List<?>) redis.commands().eval("return redis.call('TIME')");
    return Long.parseLong((String) time.get(0)) * 1000
        + Long.parseLong((String) time.get(1)) / 1000;
  }

  private static long nanosSince(long begin) {
    return System.nanoTime() - begin;
  }

  /// A lease as the model sees it.
  ///
  /// @param node empty for nobody
  /// @param place in the order to which it returns
  private record Lease(String node, long place, boolean announced) {}

  /// A random history, applied to both.
  private final class History {

    private final SplittableRandom random;
    private final Map<QueueEntry, Long> ready = new HashMap<>();
    private final Set<QueueEntry> delayed = new HashSet<>();

    /// Delayed ones whose time has come since the last exchange, with their place.
    private final Map<QueueEntry, Long> due = new HashMap<>();

    private final Map<QueueEntry, Lease> leases = new HashMap<>();
    private int made;
    private int max;
    private boolean paused;

    History(SplittableRandom random) {
      this.random = random;
    }

    void run(int steps) {
      for (int i = 0; i < steps; i++) {
        switch (random.nextInt(11)) {
          case 0, 1, 2 -> add();
          case 3, 4, 5, 6 -> exchange(pick(NODES));
          case 7 -> limit();
          case 8 -> renew(pick(NODES));
          case 9 -> becomeDue();
          default -> random.split().ints(1, 0, 4).forEach(this::disturb);
        }
        compare();
      }
    }

    private void add() {
      List<DelayedEntry> fresh = new ArrayList<>();
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        QueueEntry queueEntry = new QueueEntry(random.nextInt(4), new UUID(made++, 7));
        boolean later = random.nextInt(4) == 0;
        long age = age();
        fresh.add(
            new DelayedEntry(queueEntry, later ? Duration.ofHours(5) : Duration.ofSeconds(-age)));
        if (later) {
          delayed.add(queueEntry);
        } else {
          ready.put(queueEntry, place(queueEntry, age));
        }
      }
      assertThat(queues.get("a").add(fresh)).isEqualTo(fresh.size());
      assertThat(queues.get("b").add(fresh)).as("held already").isZero();
    }

    /// No other member has become due within ten seconds of it.
    private long age() {
      return random.nextInt(1, 50) * 100_000L + made++ * 40L;
    }

    private static long place(QueueEntry queueEntry, long age) {
      return -age - (long) queueEntry.priority() * STEP_SECONDS;
    }

    private void exchange(String node) {
      List<QueueEntry> done = new ArrayList<>();
      List<DelayedEntry> again = new ArrayList<>();
      List<QueueEntry> unused = new ArrayList<>();
      Set<QueueEntry> reopened = new HashSet<>();
      for (QueueEntry queueEntry : List.copyOf(leases.keySet())) {
        int fate = random.nextInt(5);
        Lease lease = leases.get(queueEntry);
        // of nobody: lost with Redis's data, and given back by the node that had it before
        boolean released = lease.node().equals(node) || lease.node().isEmpty();
        if (fate == 0) {
          done.add(queueEntry);
          if (released) {
            leases.remove(queueEntry);
          }
          if (released && lease.announced()) {
            reopened.add(queueEntry);
          }
        } else if (fate == 1) {
          again.add(new DelayedEntry(queueEntry, Duration.ofHours(5)));
          if (released) {
            leases.remove(queueEntry);
            delayed.add(queueEntry);
          }
        } else if (fate == 2) {
          unused.add(queueEntry);
          if (lease.node().equals(node)) {
            leases.remove(queueEntry);
            ready.put(queueEntry, lease.place());
          }
        }
      }
      delayed.removeAll(due.keySet());
      ready.putAll(due);
      due.clear();
      if (!reopened.isEmpty()) {
        // Ready from now on, which the model cannot tell from another now: it gets an age.
        queues.get(node).claimReply("another run", done, again, unused, 0);
        reopened.forEach(queueEntry -> ready.put(queueEntry, age(queueEntry)));
        List.of(done, again, unused).forEach(List::clear);
      }
      int wanted = random.nextInt(0, 8);
      int allowed = max > 0 ? Math.max(0, Math.min(wanted, max - leases.size())) : wanted;
      List<QueueEntry> expected =
          ready.keySet().stream()
              .sorted(
                  Comparator.<QueueEntry>comparingLong(ready::get).thenComparing(QueueEntry::text))
              .limit(paused ? 0 : allowed)
              .toList();
      ClaimReply answer = queues.get(node).claimReply(RUN, done, again, unused, wanted);
      assertThat(answer.taken()).containsExactlyElementsOf(expected);
      assertThat(answer.limited()).isEqualTo(max > 0);
      expected.forEach(
          queueEntry -> leases.put(queueEntry, new Lease(node, ready.remove(queueEntry), false)));
      assertThat(answer.left()).isEqualTo(ready.size());
    }

    private long age(QueueEntry queueEntry) {
      long age = age();
      double score = redisMillis() - (age + (long) queueEntry.priority() * STEP_SECONDS) * 1000;
      assertThat(redis.commands().zadd("jobs:{q}:ready", score, queueEntry.text())).isZero();
      return place(queueEntry, age);
    }

    private void limit() {
      max = random.nextInt(3) == 0 ? random.nextInt(1, 10) : 0;
      paused = random.nextInt(6) == 0;
      queues.get("a").limit(paused, max, 0);
    }

    private void renew(String node) {
      boolean adopt = random.nextBoolean();
      List<QueueEntry> asked = new ArrayList<>(leases.keySet());
      Renewal renewal = queues.get(node).renew(asked, adopt);
      Set<QueueEntry> lost = new HashSet<>();
      Set<QueueEntry> unknown = new HashSet<>();
      for (QueueEntry queueEntry : asked) {
        String holder = leases.get(queueEntry).node();
        if (holder.isEmpty() && adopt) {
          long age = age();
          String owner = node + " " + (redisMillis() - age * 1000);
          redis.commands().hset("jobs:{q}:owner", queueEntry.text(), owner);
          leases.put(queueEntry, new Lease(node, place(queueEntry, age), false));
        } else if (holder.isEmpty()) {
          unknown.add(queueEntry);
        } else if (!holder.equals(node)) {
          lost.add(queueEntry);
        }
      }
      assertThat(renewal.lost()).containsExactlyInAnyOrderElementsOf(lost);
      assertThat(renewal.unknown()).containsExactlyInAnyOrderElementsOf(unknown);
    }

    /// Time passes for some delayed members; half of them a replica of an older version has added.
    private void becomeDue() {
      for (QueueEntry queueEntry : List.copyOf(delayed)) {
        if (!due.containsKey(queueEntry) && random.nextBoolean()) {
          long age = age();
          double score = redisMillis() - age * 1000;
          redis.commands().zadd("jobs:{q}:delayed", score, queueEntry.text());
          redis.commands().zrem("jobs:{q}:ranked", queueEntry.text());
          if (queueEntry.priority() > 0 && random.nextBoolean()) {
            score += (9 - queueEntry.priority()) * 1e15;
            redis.commands().zadd("jobs:{q}:ranked", score, queueEntry.text());
          }
          due.put(queueEntry, place(queueEntry, age));
        }
      }
    }

    /// Takes a member out, puts one back under nobody's lease, loses an owner, or announces late.
    private void disturb(int kind) {
      if (kind == 0 && !ready.isEmpty()) {
        QueueEntry queueEntry = ready.keySet().iterator().next();
        queues.get("a").remove(queueEntry);
        ready.remove(queueEntry);
      } else if (kind == 1 && !ready.isEmpty()) {
        QueueEntry queueEntry = ready.keySet().iterator().next();
        queues.get("a").restore(List.of(queueEntry), false);
        queues.get("b").restore(List.of(queueEntry), true);
        ready.remove(queueEntry);
        leases.put(
            queueEntry,
            new Lease("", BEFORE_ALL - (long) queueEntry.priority() * STEP_SECONDS, false));
      } else if (kind == 2 && !leases.isEmpty()) {
        QueueEntry queueEntry = leases.keySet().iterator().next();
        redis.commands().zadd("jobs:{q}:lease", 0, queueEntry.text());
        queues.get("a").claimReply(RUN, List.of(), List.of(), List.of(), 0);
        ready.put(queueEntry, leases.remove(queueEntry).place());
        delayed.removeAll(due.keySet());
        ready.putAll(due);
        due.clear();
      } else if (kind == 3 && !leases.isEmpty()) {
        QueueEntry queueEntry = leases.keySet().iterator().next();
        Lease lease = leases.get(queueEntry);
        queues.get("b").add(List.of(new DelayedEntry(queueEntry, Duration.ZERO)));
        boolean heard = !lease.node().isEmpty();
        leases.put(queueEntry, new Lease(lease.node(), lease.place(), heard));
      }
    }

    private void compare() {
      assertThat(redis.commands().zcard("jobs:{q}:ready")).isEqualTo(ready.size());
      assertThat(redis.commands().zrange("jobs:{q}:delayed", 0, -1))
          .containsExactlyInAnyOrderElementsOf(delayed.stream().map(QueueEntry::text).toList())
          .containsAll(redis.commands().zrange("jobs:{q}:ranked", 0, -1));
      assertThat(redis.commands().zrange("jobs:{q}:lease", 0, -1))
          .containsExactlyInAnyOrderElementsOf(
              leases.keySet().stream().map(QueueEntry::text).toList());
      Map<String, String> owners = new HashMap<>();
      leases.forEach(
          (queueEntry, lease) -> {
            if (!lease.node().isEmpty()) {
              owners.put(queueEntry.text(), lease.node() + (lease.announced() ? "+" : ""));
            }
          });
      Map<String, String> real = redis.commands().hgetAll("jobs:{q}:owner");
      real.replaceAll((_, owner) -> owner.replaceFirst(" -?\\d+", ""));
      assertThat(real).isEqualTo(owners);
    }

    private String pick(List<String> from) {
      return from.get(random.nextInt(from.size()));
    }
  }
}
