package io.soilhub.scalability.queueing;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.Redis;
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
  private static final String RUN = "run-1";
  private static final List<String> NODES = List.of("a", "b");

  private final Redis redis = TestRedis.shared().open(3);
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
    Member member = new Member(1, new UUID(0, 1));
    queue.add(List.of(new Due(member, Duration.ZERO)));
    assertThat(queue.exchange("run-2", List.of(), List.of(), 5).known()).isFalse();
    redis.commands().flushDB();
    queue.add(List.of(new Due(member, Duration.ZERO)));
    assertThat(queue.exchange(RUN, List.of(), List.of(), 5).known()).isFalse();
    queue.complete(RUN);
    assertThat(queue.exchange(RUN, List.of(), List.of(), 5).taken()).containsExactly(member);
  }

  @Test
  void theRateIsTheGenericCellRate() {
    LeaseQueue queue = queues.get("a");
    queue.limit(false, 0, 600);
    for (int i = 0; i < 50; i++) {
      queue.add(List.of(new Due(new Member(1, new UUID(0, i)), Duration.ZERO)));
    }
    long begin = System.nanoTime();
    Exchange burst = queue.exchange(RUN, List.of(), List.of(), 50);
    assertThat(burst.taken()).as("a second's worth at once").hasSize(10);
    assertThat(burst.rateWait()).isBetween(Duration.ofMillis(1), Duration.ofMillis(100));
    AtomicInteger passed = new AtomicInteger();
    Await.until(
        "15 more pass",
        Duration.ofSeconds(30),
        () -> passed.addAndGet(queue.exchange(RUN, List.of(), List.of(), 50).taken().size()) >= 15);
    assertThat(passed).hasValueLessThanOrEqualTo(15 + 10);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertThat(took).isGreaterThan(Duration.ofMillis(1400));
  }

  /// A random history, applied to both.
  private final class History {

    private final SplittableRandom random;
    private final Map<Member, Long> ready = new HashMap<>();
    private final Set<Member> delayed = new HashSet<>();
    private final Map<Member, String> leases = new HashMap<>();
    private int made;
    private int max;
    private boolean paused;

    History(SplittableRandom random) {
      this.random = random;
    }

    void run(int steps) {
      for (int i = 0; i < steps; i++) {
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> add();
          case 3, 4, 5, 6 -> exchange(pick(NODES));
          case 7 -> limit();
          case 8 -> renew(pick(NODES));
          default -> random.split().ints(1, 0, 3).forEach(this::disturb);
        }
        compare();
      }
    }

    private void add() {
      List<Due> fresh = new ArrayList<>();
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        Member member = new Member(random.nextInt(4), new UUID(made++, 7));
        boolean later = random.nextInt(4) == 0;
        long age = random.nextInt(1, 50) * 100_000L + made * 40L;
        fresh.add(new Due(member, later ? Duration.ofHours(5) : Duration.ofSeconds(-age)));
        if (later) {
          delayed.add(member);
        } else {
          ready.put(member, -age - (long) member.priority() * STEP_SECONDS);
        }
      }
      queues.get("a").add(fresh);
      assertThat(queues.get("b").ensure(fresh)).as("held already").isZero();
    }

    private void exchange(String node) {
      List<Member> done = new ArrayList<>();
      List<Due> again = new ArrayList<>();
      for (Member member : List.copyOf(leases.keySet())) {
        int fate = random.nextInt(4);
        boolean mine = leases.get(member).equals(node);
        boolean nobodys = leases.get(member).isEmpty();
        if (fate == 0) {
          done.add(member);
          if (mine) {
            leases.remove(member);
          }
        } else if (fate == 1 && mine) {
          again.add(new Due(member, Duration.ofHours(5)));
          leases.remove(member);
          delayed.add(member);
        } else if (fate == 1 && !nobodys) {
          again.add(new Due(member, Duration.ofHours(5)));
        }
      }
      int wanted = random.nextInt(0, 8);
      int allowed = max > 0 ? Math.max(0, Math.min(wanted, max - leases.size())) : wanted;
      List<Member> expected =
          ready.keySet().stream()
              .sorted(Comparator.<Member>comparingLong(ready::get).thenComparing(Member::text))
              .limit(paused ? 0 : allowed)
              .toList();
      Exchange answer = queues.get(node).exchange(RUN, done, again, wanted);
      assertThat(answer.taken()).containsExactlyElementsOf(expected);
      assertThat(answer.limited()).isEqualTo(max > 0);
      expected.forEach(ready::remove);
      expected.forEach(member -> leases.put(member, node));
      assertThat(answer.left()).isEqualTo(ready.size());
    }

    private void limit() {
      max = random.nextInt(3) == 0 ? random.nextInt(1, 10) : 0;
      paused = random.nextInt(6) == 0;
      queues.get("a").limit(paused, max, 0);
    }

    private void renew(String node) {
      boolean adopt = random.nextBoolean();
      List<Member> asked = new ArrayList<>(leases.keySet());
      Renewal renewal = queues.get(node).renew(asked, adopt);
      Set<Member> lost = new HashSet<>();
      Set<Member> unknown = new HashSet<>();
      for (Member member : asked) {
        String holder = leases.get(member);
        if (holder.isEmpty() && adopt) {
          leases.put(member, node);
        } else if (holder.isEmpty()) {
          unknown.add(member);
        } else if (!holder.equals(node)) {
          lost.add(member);
        }
      }
      assertThat(renewal.lost()).containsExactlyInAnyOrderElementsOf(lost);
      assertThat(renewal.unknown()).containsExactlyInAnyOrderElementsOf(unknown);
    }

    /// Takes a member out, puts one back under nobody's lease, or loses an owner.
    private void disturb(int kind) {
      if (kind == 0 && !ready.isEmpty()) {
        Member member = ready.keySet().iterator().next();
        queues.get("a").remove(member);
        ready.remove(member);
      } else if (kind == 1 && !ready.isEmpty()) {
        Member member = ready.keySet().iterator().next();
        queues.get("a").restore(List.of(member), false);
        queues.get("b").restore(List.of(member), true);
        ready.remove(member);
        leases.put(member, "");
      } else if (kind == 2 && !leases.isEmpty()) {
        Member member = leases.keySet().iterator().next();
        redis.commands().zadd("jobs:{q}:lease", 0, member.text());
        queues.get("a").exchange(RUN, List.of(), List.of(), 0);
        leases.remove(member);
        ready.put(member, BEFORE_ALL - (long) member.priority() * STEP_SECONDS);
      }
    }

    private void compare() {
      assertThat(redis.commands().zcard("jobs:{q}:ready")).isEqualTo(ready.size());
      assertThat(redis.commands().zrange("jobs:{q}:delayed", 0, -1))
          .containsExactlyInAnyOrderElementsOf(delayed.stream().map(Member::text).toList());
      assertThat(redis.commands().zrange("jobs:{q}:lease", 0, -1))
          .containsExactlyInAnyOrderElementsOf(leases.keySet().stream().map(Member::text).toList());
      Map<String, String> owners = new HashMap<>();
      leases.forEach(
          (member, node) -> {
            if (!node.isEmpty()) {
              owners.put(member.text(), node);
            }
          });
      assertThat(redis.commands().hgetAll("jobs:{q}:owner")).isEqualTo(owners);
    }

    private String pick(List<String> from) {
      return from.get(random.nextInt(from.size()));
    }
  }
}
