package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.jobs.queue.LeaseQueue;
import io.soilhub.scalability.jobs.queue.QueueEntry;
import io.soilhub.scalability.jobs.queue.Renewal;
import io.soilhub.scalability.platform.core.Ticker;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The leases of one queue that this replica holds, each from the moment of taking until it was
/// given back.
final class HeldLeases {

  private final LeaseQueue queue;
  private final QueueWorkers workers;
  private final Ticker ticker;

  /// How often each member is held: a job whose lease ran out may come back to the replica that
  /// still runs it.
  private final Map<QueueEntry, Integer> held = new ConcurrentHashMap<>();

  HeldLeases(LeaseQueue queue, QueueWorkers workers, Ticker ticker) {
    this.queue = queue;
    this.workers = workers;
    this.ticker = ticker;
  }

  void take(QueueEntry queueEntry) {
    held.merge(queueEntry, 1, Integer::sum);
  }

  void release(QueueEntry queueEntry) {
    held.computeIfPresent(queueEntry, (_, times) -> times == 1 ? null : times - 1);
  }

  /// Renews all of them, takes up those that Redis has lost, and stops the runs whose lease another
  /// replica holds. Tells Redis also without any that somebody works on this queue.
  ///
  /// @throws io.soilhub.scalability.jobs.queue.QueueUnavailable when Redis does not answer
  void renew() {
    if (workers.slots() == 0) {
      return;
    }
    Renewal renewal = queue.renew(held.keySet(), false);
    stop(renewal.lost());
    // What was given back while the first call was on its way is held no more: only the rest is
    // ours.
    List<QueueEntry> ours = renewal.unknown().stream().filter(held::containsKey).toList();
    if (!ours.isEmpty()) {
      stop(queue.renew(ours, true).lost());
    }
  }

  private void stop(List<QueueEntry> lost) {
    Set<QueueEntry> gone = new HashSet<>(lost);
    for (JobExecution run : workers.runs()) {
      if (gone.contains(new QueueEntry(run.job().priority(), run.jobId()))) {
        run.stop(JobExecution.Stop.LOST, ticker.nanos());
      }
    }
  }
}
