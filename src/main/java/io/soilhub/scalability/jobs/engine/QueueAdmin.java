package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.soilhub.scalability.jobs.journal.QueueCounts;
import io.soilhub.scalability.jobs.journal.QueueLimits;
import io.soilhub.scalability.jobs.journal.QueueSnapshot;
import io.soilhub.scalability.jobs.journal.QueueStore;
import io.soilhub.scalability.jobs.queue.LeaseQueue;
import io.soilhub.scalability.jobs.queue.LimitCopy;
import io.soilhub.scalability.jobs.queue.QueueUnavailable;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.http.IfMatch;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How the queues stand, and the limits that an operator sets on them.
public final class QueueAdmin {

  /// A queue at a glance.
  ///
  /// @param pending due jobs by priority
  /// @param delayed jobs that wait for their time
  /// @param oldestPendingSeconds how long the longest waiting job has been due
  /// @param ratePerMinute jobs ended within the last minute
  /// @param workers slots on this replica
  /// @param countedAt when pending, delayed, running and the oldest were counted; empty before the
  ///   first time
  public record Standing(
      JobQueue queue,
      Map<Priority, Long> pending,
      long delayed,
      long running,
      long completedTotal,
      long failedTotal,
      double oldestPendingSeconds,
      double ratePerMinute,
      int workers,
      boolean paused,
      Optional<Integer> maxConcurrency,
      Optional<Integer> rateLimitPerMinute,
      Optional<Instant> countedAt) {}

  /// Limits of one queue over all replicas.
  ///
  /// @param maxConcurrency jobs running at the same time; none when absent
  /// @param rateLimitPerMinute jobs started in a minute; none when absent
  public record Limits(
      boolean paused,
      @JsonInclude(JsonInclude.Include.ALWAYS) Optional<Integer> maxConcurrency,
      @JsonInclude(JsonInclude.Include.ALWAYS) Optional<Integer> rateLimitPerMinute) {

    private static final int MOST = 1_000_000;

    public Limits {
      maxConcurrency = maxConcurrency == null ? Optional.empty() : maxConcurrency;
      rateLimitPerMinute = rateLimitPerMinute == null ? Optional.empty() : rateLimitPerMinute;
      check("/max_concurrency", maxConcurrency);
      check("/rate_limit_per_minute", rateLimitPerMinute);
    }

    private static void check(String pointer, Optional<Integer> value) {
      if (value.filter(v -> v < 1 || v > MOST).isPresent()) {
        throw Problem.invalid(pointer, "must be from 1 to %d, or null for none".formatted(MOST));
      }
    }
  }

  /// Limits with the number of their version, for the ETag.
  public record Versioned(Limits limits, long version) {}

  private static final Logger LOG = System.getLogger(QueueAdmin.class.getName());
  private static final int TRIES = 5;
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final QueueCounts NONE = new QueueCounts(Map.of(), 0, 0, 0, 0, 0, 0);

  private final QueueStore ledger;
  private final Map<String, LeaseQueue> queues;
  private final Map<JobQueue, Integer> workers;
  private final Ticker ticker;
  private Optional<QueueSnapshot> read = Optional.empty();
  private long readAt;

  QueueAdmin(
      QueueStore ledger,
      Map<String, LeaseQueue> queues,
      Map<JobQueue, Integer> workers,
      Ticker ticker) {
    this.ledger = ledger;
    this.queues = queues;
    this.workers = workers;
    this.ticker = ticker;
  }

  /// Every queue, also those without jobs.
  public List<Standing> standings() {
    QueueSnapshot now = snapshot();
    List<Standing> all = new ArrayList<>();
    for (JobQueue queue : JobQueue.values()) {
      QueueCounts count = now.counts().getOrDefault(queue.text(), NONE);
      Limits limits = limits(queue).limits();
      all.add(
          new Standing(
              queue,
              byPriority(count.pending()),
              count.delayed(),
              count.running(),
              count.completedTotal(),
              count.failedTotal(),
              count.oldestPendingSeconds(),
              count.ratePerMinute(),
              workers.getOrDefault(queue, 0),
              limits.paused(),
              limits.maxConcurrency(),
              limits.rateLimitPerMinute(),
              Optional.of(now.countedAt()).filter(at -> at.isAfter(Instant.EPOCH))));
    }
    return all;
  }

  /// The counts of every queue by its name.
  QueueSnapshot backlog() {
    QueueSnapshot now = snapshot();
    Map<String, QueueCounts> all = new TreeMap<>();
    for (JobQueue queue : JobQueue.values()) {
      all.put(queue.text(), now.counts().getOrDefault(queue.text(), NONE));
    }
    return new QueueSnapshot(all, now.countedAt(), now.age());
  }

  public Versioned limits(JobQueue queue) {
    return versioned(ledger.limits(queue.text()));
  }

  /// Puts limits in place of those that the precondition allows to replace, for all replicas.
  ///
  /// @throws Problem of kind STALE when it does not allow it, or when others change them all the
  ///   time
  public Versioned replace(JobQueue queue, Limits wanted, IfMatch precondition) {
    for (int attempt = 1; ; attempt++) {
      long version = limits(queue).version();
      if (!precondition.matches(version)) {
        throw stale(queue);
      }
      try {
        return limit(queue, wanted, version);
      } catch (Problem e) {
        if (e.kind() != Problem.Kind.STALE || attempt >= TRIES) {
          throw e;
        }
      }
    }
  }

  /// Puts limits in place of those of a version, for all replicas.
  ///
  /// @throws Problem of kind STALE when somebody changed them since
  public Versioned limit(JobQueue queue, Limits wanted, long version) {
    QueueLimits changed =
        ledger
            .change(
                new QueueLimits(
                    queue.text(),
                    wanted.paused(),
                    wanted.maxConcurrency().orElse(0),
                    wanted.rateLimitPerMinute().orElse(0),
                    version))
            .orElseThrow(() -> stale(queue));
    mirror(queues.get(queue.text()));
    return versioned(changed);
  }

  private static Problem stale(JobQueue queue) {
    return new Problem(
        Problem.Kind.STALE,
        "queue-changed",
        "The settings of queue %s were changed meanwhile.".formatted(queue.text()));
  }

  /// The journal has the limits already: while Redis is away they come into force when it is back.
  private void mirror(LeaseQueue queue) {
    try {
      LimitCopy.copy(ledger, queue);
    } catch (QueueUnavailable e) {
      LOG.log(Level.WARNING, "limits of {0} wait for Redis: {1}", queue.name(), e.getMessage());
    }
  }

  /// Read a second ago at most.
  private synchronized QueueSnapshot snapshot() {
    if (read.isEmpty() || ticker.nanos() - readAt > FRESH.toNanos()) {
      read = Optional.of(ledger.snapshot());
      readAt = ticker.nanos();
    }
    return read.orElseThrow();
  }

  private static Map<Priority, Long> byPriority(Map<Integer, Long> pending) {
    Map<Priority, Long> all = new LinkedHashMap<>();
    for (Priority priority : Priority.values()) {
      all.put(priority, pending.getOrDefault(priority.ordinal(), 0L));
    }
    return all;
  }

  private static Versioned versioned(QueueLimits limits) {
    return new Versioned(
        new Limits(
            limits.paused(),
            positive(limits.maxConcurrency()),
            positive(limits.rateLimitPerMinute())),
        limits.version());
  }

  private static Optional<Integer> positive(int value) {
    return value > 0 ? Optional.of(value) : Optional.empty();
  }
}
