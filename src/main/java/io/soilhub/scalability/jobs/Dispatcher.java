package io.soilhub.scalability.jobs;

import io.soilhub.scalability.journal.ClaimedJob;
import io.soilhub.scalability.journal.Journal;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.queueing.Due;
import io.soilhub.scalability.queueing.Exchange;
import io.soilhub.scalability.queueing.Incarnation;
import io.soilhub.scalability.queueing.LeaseQueue;
import io.soilhub.scalability.queueing.Member;
import io.soilhub.scalability.queueing.WakeUp;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Brings jobs of one queue to this replica's workers: takes ids in Redis, has the journal confirm
/// them, hands the confirmed ones over, and gives back in the same call what is done with.
///
/// Redis proposes, the journal decides: an id that the journal does not give is dropped. Everything
/// taken and not yet given back is held here, from the moment of taking, for the heartbeat to
/// renew.
final class Dispatcher {

  private static final Logger LOG = System.getLogger(Dispatcher.class.getName());
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(300);

  private final LeaseQueue queue;
  private final Incarnation incarnation;
  private final Journal journal;
  private final String node;
  private final WakeUp wakeUp;
  private final QueueWorkers workers;
  private final Queue<Member> done = new ConcurrentLinkedQueue<>();
  private final Queue<Due> again = new ConcurrentLinkedQueue<>();

  /// How often each member is held: a job whose lease ran out may come back to the replica that
  /// still runs it.
  private final Map<Member, Integer> held = new ConcurrentHashMap<>();

  private volatile boolean open = true;

  /// Set before it is asked whether the queue is open: what is taken afterwards is not overlooked.
  private volatile boolean taking;

  /// Whether a freed slot is waited for; set before the slots are looked at.
  private volatile boolean full;

  private volatile boolean limited;
  private boolean suspect = true;

  Dispatcher(
      LeaseQueue queue,
      Incarnation incarnation,
      Journal journal,
      String node,
      WakeUp wakeUp,
      QueueWorkers workers) {
    this.queue = queue;
    this.incarnation = incarnation;
    this.journal = journal;
    this.node = node;
    this.wakeUp = wakeUp;
    this.workers = workers;
  }

  LeaseQueue queue() {
    return queue;
  }

  Set<Member> held() {
    return held.keySet();
  }

  /// The member needs no more of this replica, and of no other. It goes back with the next call,
  /// within a second; at once when a limit may wait for it.
  void done(Member member) {
    done.add(member);
    if (limited) {
      wakeUp.signal();
    }
  }

  /// The member is to be handed out again when due.
  void again(Due due) {
    again.add(due);
    wakeUp.signal();
  }

  /// The member went to another replica: it is not ours to give back.
  void forget(Member member) {
    release(member);
    signal();
  }

  /// A slot was freed.
  void signal() {
    if (full && wanted() > 0) {
      wakeUp.signal();
    }
  }

  /// Takes nothing more.
  void close() {
    open = false;
    wakeUp.signal();
  }

  /// Whether nothing is on its way from Redis to the workers.
  boolean idle() {
    return !taking;
  }

  /// One round: gives back and takes, or waits for a reason to do either.
  void step() throws InterruptedException {
    full = true;
    boolean changed = wanted() == 0 && !urgent() && wakeUp.await(LONGEST_IDLE);
    full = false;
    if (changed) {
      return;
    }
    taking = true;
    int wanted = wanted();
    Optional<Exchange> answer = exchange(wanted).filter(this::claim);
    taking = false;
    if (answer.isEmpty()) {
      wakeUp.await(AFTER_FAILURE);
    } else if (answer.get().taken().isEmpty() && wanted > 0 && open) {
      wakeUp.awaitWork(idleTime(answer.get()));
    }
  }

  /// Gives back what is left, without taking anything.
  void flush() {
    if (!done.isEmpty() || !again.isEmpty()) {
      exchange(0);
    }
  }

  private int wanted() {
    return open ? workers.wanted(limited) : 0;
  }

  private boolean urgent() {
    return !again.isEmpty() || (limited && !done.isEmpty());
  }

  private Optional<Exchange> exchange(int wanted) {
    List<Member> finished = drain(done);
    List<Due> returned = drain(again);
    try {
      if (suspect) {
        incarnation.refresh();
        suspect = false;
      }
      Exchange answer = queue.exchange(incarnation.runId(), finished, returned, wanted);
      finished.forEach(this::release);
      returned.forEach(due -> release(due.member()));
      answer.taken().forEach(member -> held.merge(member, 1, Integer::sum));
      limited = answer.limited();
      suspect = !answer.known();
      return Optional.of(answer);
    } catch (RuntimeException e) {
      Level level = suspect ? Level.DEBUG : Level.WARNING;
      LOG.log(level, "queue {0} cannot be reached: {1}", queue.name(), e.getMessage());
      done.addAll(finished);
      again.addAll(returned);
      suspect = true;
      return Optional.empty();
    }
  }

  private void release(Member member) {
    held.computeIfPresent(member, (_, times) -> times == 1 ? null : times - 1);
  }

  /// @return false when there is nothing to be had for a while
  private boolean claim(Exchange exchange) {
    List<Member> members = exchange.taken();
    if (members.isEmpty()) {
      return exchange.known();
    }
    try {
      List<UUID> ids = members.stream().map(Member::id).toList();
      Set<Member> dropped = new HashSet<>(members);
      for (ClaimedJob job : journal.claim(ids, node).join()) {
        Member member = new Member(job.priority(), job.jobId());
        if (!job.status().terminal() && dropped.remove(member)) {
          workers.accept(job);
        } else if (job.status().terminal()) {
          workers.endedByClaim(job);
        }
      }
      done.addAll(dropped);
      if (!open) {
        workers.releaseWaiting("Its node shut down.");
      }
      return true;
    } catch (CompletionException e) {
      LOG.log(Level.WARNING, "{0} jobs wait for the journal: {1}", members.size(), reason(e));
      members.forEach(member -> again.add(new Due(member, Duration.ZERO)));
      return false;
    }
  }

  private static String reason(CompletionException e) {
    return e.getCause() instanceof Problem p ? p.getMessage() : String.valueOf(e.getCause());
  }

  private static Duration idleTime(Exchange exchange) {
    Duration due = exchange.nextDue().orElse(LONGEST_IDLE);
    Duration rate = exchange.rateWait().isZero() ? LONGEST_IDLE : exchange.rateWait();
    return due.compareTo(rate) < 0 ? due : rate;
  }

  private static <T> List<T> drain(Queue<T> queue) {
    List<T> all = new ArrayList<>();
    for (T next = queue.poll(); next != null; next = queue.poll()) {
      all.add(next);
    }
    return all;
  }
}
