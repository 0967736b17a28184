package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.jobs.queue.QueueUnavailable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;

/// Tells Redis that this replica lives, for all its jobs at once, on a thread and a connection of
/// its own: neither a slow handler nor an exhausted pool can make a living worker look dead. It is
/// started before the first claim and stopped after the last one is given back.
///
/// While Redis is away the runs go on. A lease only keeps others from starting the same work in
/// vain; that a run which lost it cannot write is the fence's doing, in the journal.
final class Heartbeat {

  private static final Logger LOG = System.getLogger(Heartbeat.class.getName());

  private final List<HeldLeases> queues;

  /// @param queues one for each
  Heartbeat(Collection<HeldLeases> queues) {
    this.queues = List.copyOf(queues);
  }

  /// Renews every lease of this replica.
  void step() {
    for (HeldLeases leases : queues) {
      try {
        leases.renew();
      } catch (QueueUnavailable e) {
        LOG.log(Level.WARNING, "leases could not be renewed: {0}", e.getMessage());
      }
    }
  }
}
