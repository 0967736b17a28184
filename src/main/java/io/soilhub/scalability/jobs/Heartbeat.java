package io.soilhub.scalability.jobs;

import io.soilhub.scalability.platform.Ticker;
import io.soilhub.scalability.queueing.Member;
import io.soilhub.scalability.queueing.QueueAway;
import io.soilhub.scalability.queueing.Renewal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Tells Redis that this replica lives, for all its jobs at once, on a thread and a connection of
/// its own: neither a slow handler nor an exhausted pool can make a living worker look dead. It is
/// started before the first claim and stopped after the last one is given back.
///
/// While Redis is away the runs go on. A lease only keeps others from starting the same work in
/// vain; that a run which lost it cannot write is the fence's doing, in the journal.
final class Heartbeat {

  private static final Logger LOG = System.getLogger(Heartbeat.class.getName());

  /// One queue's claims.
  record Beat(Dispatcher dispatcher, QueueWorkers workers) {}

  private final List<Beat> queues;
  private final Ticker ticker;

  Heartbeat(Collection<Beat> queues, Ticker ticker) {
    this.queues = List.copyOf(queues);
    this.ticker = ticker;
  }

  /// Renews every lease of this replica, takes up those that Redis has lost, and stops the runs
  /// whose lease another replica holds.
  void step() {
    for (Beat queue : queues) {
      try {
        beat(queue);
      } catch (QueueAway e) {
        LOG.log(Level.WARNING, "leases could not be renewed: {0}", e.getMessage());
      }
    }
  }

  private void beat(Beat queue) {
    Set<Member> held = queue.dispatcher().held();
    if (held.isEmpty()) {
      return;
    }
    Renewal renewal = queue.dispatcher().queue().renew(held, false);
    stop(queue, renewal.lost());
    // What was given back while the first call was on its way is held no more: only the rest is
    // ours.
    List<Member> ours = renewal.unknown().stream().filter(held::contains).toList();
    if (!ours.isEmpty()) {
      stop(queue, queue.dispatcher().queue().renew(ours, true).lost());
    }
  }

  private void stop(Beat queue, List<Member> lost) {
    Set<Member> gone = new HashSet<>(lost);
    for (ActiveRun run : queue.workers().runs()) {
      if (gone.contains(new Member(run.job().priority(), run.jobId()))) {
        run.stop(ActiveRun.Stop.LOST, ticker.nanos());
      }
    }
  }
}
