package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.jobs.journal.ClaimedJob;
import io.soilhub.scalability.jobs.journal.Journal;
import io.soilhub.scalability.jobs.queue.ClaimReply;
import io.soilhub.scalability.jobs.queue.DelayedEntry;
import io.soilhub.scalability.jobs.queue.LeaseQueue;
import io.soilhub.scalability.jobs.queue.QueueEntry;
import io.soilhub.scalability.jobs.queue.RedisRunId;
import io.soilhub.scalability.jobs.queue.WorkSignal;
import io.soilhub.scalability.platform.core.Problem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Brings jobs of one queue to this replica's workers: takes ids in Redis, has the journal confirm
/// them, hands the confirmed ones over, and gives back in the same call what is done with.
///
/// Redis proposes, the journal decides: an id that the journal does not give has ended and is
/// dropped, or goes back for later or for a replica that knows its type. After a failure this
/// replica renews what it holds before it takes anything: its own leases must not be the first that
/// it finds expired.
final class Dispatcher {

  private static final Logger LOG = System.getLogger(Dispatcher.class.getName());
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(300);
  private static final Duration SHORTEST_REST = Duration.ofSeconds(1);
  private static final Duration LONGEST_REST = Duration.ofSeconds(60);

  private final LeaseQueue queue;
  private final RedisRunId redisRunId;
  private final HeldLeases leases;
  private final Journal journal;
  private final String node;
  private final WorkSignal workSignal;
  private final QueueWorkers workers;
  private final Queue<QueueEntry> done = new ConcurrentLinkedQueue<>();
  private final Queue<DelayedEntry> again = new ConcurrentLinkedQueue<>();
  private final Queue<QueueEntry> unused = new ConcurrentLinkedQueue<>();

  /// Types of jobs that this replica met and cannot run; each is told once.
  private final Set<String> strange = new HashSet<>();

  private volatile boolean open = true;

  /// Set before it is asked whether the queue is open: what is taken afterwards is not overlooked.
  private volatile boolean taking;

  /// Whether a freed slot is waited for; set before the slots are looked at.
  private volatile boolean full;

  private volatile boolean limited;
  private boolean suspect = true;

  Dispatcher(
      LeaseQueue queue,
      RedisRunId redisRunId,
      HeldLeases leases,
      Journal journal,
      String node,
      WorkSignal workSignal,
      QueueWorkers workers) {
    this.queue = queue;
    this.redisRunId = redisRunId;
    this.leases = leases;
    this.journal = journal;
    this.node = node;
    this.workSignal = workSignal;
    this.workers = workers;
  }

  /// The member needs no more of this replica, and of no other. It goes back with the next call,
  /// within a second; at once when a limit may wait for it.
  void done(QueueEntry queueEntry) {
    done.add(queueEntry);
    if (limited) {
      workSignal.signal();
    }
  }

  /// The member is to be handed out again when due.
  void again(DelayedEntry delayedEntry) {
    again.add(delayedEntry);
    workSignal.signal();
  }

  /// The member is to be handed out again as if it had not been taken: it keeps its place in the
  /// order.
  void unused(QueueEntry queueEntry) {
    unused.add(queueEntry);
    workSignal.signal();
  }

  /// The member went to another replica: it is not ours to give back.
  void forget(QueueEntry queueEntry) {
    leases.release(queueEntry);
    signal();
  }

  /// A slot was freed.
  void signal() {
    if (full && wanted() > 0) {
      workSignal.signal();
    }
  }

  /// Takes nothing more.
  void close() {
    open = false;
    workSignal.signal();
  }

  /// Whether nothing is on its way from Redis to the workers.
  boolean idle() {
    return !taking;
  }

  /// One round: gives back and takes, or waits for a reason to do either.
  void step() throws InterruptedException {
    full = true;
    boolean changed = wanted() == 0 && !urgent() && workSignal.await(LONGEST_IDLE);
    full = false;
    if (changed) {
      return;
    }
    int wanted;
    Optional<ClaimReply> answer;
    taking = true;
    try {
      wanted = wanted();
      answer = exchange(wanted).filter(this::claim);
    } finally {
      taking = false;
    }
    if (answer.isEmpty()) {
      workSignal.await(AFTER_FAILURE);
    } else if (answer.get().taken().isEmpty() && wanted > 0 && open) {
      workSignal.awaitWork(idleTime(answer.get()));
    }
  }

  /// Gives back what is left, without taking anything.
  void flush() {
    if (!done.isEmpty() || !again.isEmpty() || !unused.isEmpty()) {
      exchange(0);
    }
  }

  private int wanted() {
    return open ? workers.wanted(limited) : 0;
  }

  private boolean urgent() {
    return !again.isEmpty() || !unused.isEmpty() || (limited && !done.isEmpty());
  }

  private Optional<ClaimReply> exchange(int wanted) {
    List<QueueEntry> finished = drain(done);
    List<DelayedEntry> returned = drain(again);
    List<QueueEntry> put = drain(unused);
    try {
      if (suspect) {
        redisRunId.refresh();
        leases.renew();
        suspect = false;
      }
      ClaimReply answer = queue.claimReply(redisRunId.runId(), finished, returned, put, wanted);
      finished.forEach(leases::release);
      returned.forEach(delayedEntry -> leases.release(delayedEntry.member()));
      put.forEach(leases::release);
      answer.taken().forEach(leases::take);
      limited = answer.limited();
      suspect = !answer.known();
      return Optional.of(answer);
    } catch (RuntimeException | Error e) {
      Level level = suspect ? Level.DEBUG : Level.WARNING;
      LOG.log(level, "queue {0} cannot be reached: {1}", queue.name(), e.getMessage());
      done.addAll(finished);
      again.addAll(returned);
      unused.addAll(put);
      suspect = true;
      return Optional.empty();
    }
  }

  /// @return false when there is nothing to be had for a while
  private boolean claim(ClaimReply claimReply) {
    List<QueueEntry> members = claimReply.taken();
    if (members.isEmpty()) {
      return claimReply.known();
    }
    List<ClaimedJob> claimed;
    try {
      claimed = journal.claim(members.stream().map(QueueEntry::id).toList(), node).join();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.WARNING, "{0} jobs wait for the journal: {1}", members.size(), reason(e));
      unused.addAll(members);
      return false;
    }
    Set<QueueEntry> dropped = new HashSet<>(members);
    for (ClaimedJob job : claimed) {
      if (workers.accept(job)) {
        dropped.remove(new QueueEntry(job.priority(), job.jobId()));
      }
    }
    if (!open) {
      workers.releaseWaiting();
    }
    return !giveBack(dropped) || dropped.size() < members.size();
  }

  /// Gives back what the journal did not give: for good what has ended, else for when it is due, or
  /// after a rest for a replica that knows its type.
  ///
  /// @return whether there was something that this replica cannot take
  private boolean giveBack(Set<QueueEntry> refused) {
    if (refused.isEmpty()) {
      return false;
    }
    Map<UUID, Journal.Unclaimed> open = new HashMap<>();
    try {
      List<UUID> ids = refused.stream().map(QueueEntry::id).toList();
      journal.unclaimed(ids).forEach(job -> open.put(job.jobId(), job));
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "{0} jobs wait for the journal: {1}", refused.size(), e.getMessage());
      unused.addAll(refused);
      return true;
    }
    for (QueueEntry queueEntry : refused) {
      Journal.Unclaimed job = open.get(queueEntry.id());
      if (job == null) {
        done.add(queueEntry);
      } else {
        boolean later = job.known() && job.dueIn().isPositive();
        again.add(new DelayedEntry(queueEntry, later ? job.dueIn() : rest(job)));
      }
    }
    return open.values().stream().anyMatch(job -> !job.known());
  }

  /// A tenth of the time for which it has been due, so that jobs whose type no replica knows cost
  /// little however long they stay.
  private Duration rest(Journal.Unclaimed job) {
    if (!job.known() && strange.add(job.jobType())) {
      LOG.log(Level.WARNING, "jobs of type {0} are left to other replicas", job.jobType());
    }
    Duration tenth = job.dueIn().negated().dividedBy(10);
    return tenth.compareTo(SHORTEST_REST) < 0
        ? SHORTEST_REST
        : tenth.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : tenth;
  }

  private static String reason(Throwable e) {
    return e.getCause() instanceof Problem p ? p.getMessage() : e.toString();
  }

  private static Duration idleTime(ClaimReply claimReply) {
    Duration due = claimReply.nextDue().orElse(LONGEST_IDLE);
    Duration rate = claimReply.rateWait().isZero() ? LONGEST_IDLE : claimReply.rateWait();
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
