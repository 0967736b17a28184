package io.soilhub.scalability.jobs;

import io.soilhub.scalability.platform.Ticker;
import io.soilhub.scalability.queueing.LeaseQueue;
import io.soilhub.scalability.queueing.Member;
import io.soilhub.scalability.queueing.Renewal;
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
  private final Map<Member, Integer> held = new ConcurrentHashMap<>();

  HeldLeases(LeaseQueue queue, QueueWorkers workers, Ticker ticker) {
    this.queue = queue;
    this.workers = workers;
    this.ticker = ticker;
  }

  void take(Member member) {
    held.merge(member, 1, Integer::sum);
  }

  void release(Member member) {
    held.computeIfPresent(member, (_, times) -> times == 1 ? null : times - 1);
  }

  /// Renews all of them, takes up those that Redis has lost, and stops the runs whose lease another
  /// replica holds. Tells Redis also without any that somebody works on this queue.
  ///
  /// @throws io.soilhub.scalability.queueing.QueueAway when Redis does not answer
  void renew() {
    if (workers.slots() == 0) {
      return;
    }
    Renewal renewal = queue.renew(held.keySet(), false);
    stop(renewal.lost());
    // What was given back while the first call was on its way is held no more: only the rest is
    // ours.
    List<Member> ours = renewal.unknown().stream().filter(held::containsKey).toList();
    if (!ours.isEmpty()) {
      stop(queue.renew(ours, true).lost());
    }
  }

  private void stop(List<Member> lost) {
    Set<Member> gone = new HashSet<>(lost);
    for (ActiveRun run : workers.runs()) {
      if (gone.contains(new Member(run.job().priority(), run.jobId()))) {
        run.stop(ActiveRun.Stop.LOST, ticker.nanos());
      }
    }
  }
}
