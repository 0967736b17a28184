package io.soilhub.scalability.cache;

import io.soilhub.scalability.coherence.Backlog;
import io.soilhub.scalability.coherence.CoherenceAway;
import io.soilhub.scalability.coherence.DirtyWrite;
import io.soilhub.scalability.coherence.Missed;
import io.soilhub.scalability.coherence.Partition;
import io.soilhub.scalability.entries.InvalidationOutbox;
import io.soilhub.scalability.entries.Owed;
import io.soilhub.scalability.entries.Sight;
import io.soilhub.scalability.entries.Write;
import io.soilhub.scalability.platform.DatabaseUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Brings to each store what the other one noted for it while it was away, and to PostgreSQL the
/// writes that it is to follow. Every step may be cut off anywhere and done again, on this replica
/// or on another one at the same time.
final class Upkeep {

  private static final int BATCH = 500;
  private static final int MOST_BATCHES = 20;
  private static final Duration TURN = Duration.ofSeconds(5);
  private static final int PURGE_EVERY = 600;
  private static final int PURGE = 1000;

  private final int servers;
  private final Levels levels;
  private final String node;
  private int steps;
  private boolean moreToPurge;

  Upkeep(int servers, Levels levels, String node) {
    this.servers = servers;
    this.levels = levels;
    this.node = node;
  }

  /// One round for one server; to be called some times a second, for each server by itself: one
  /// that does not answer makes nobody else wait.
  void step(Partition partition) {
    if (levels.third().available() && partition.available()) {
      try {
        spread();
        relay(partition);
        levels.third().collect(partition.backlog());
        flush(partition);
      } catch (CoherenceAway _) {
        // goes on when it is back
      }
    }
  }

  /// Deletes what is over in PostgreSQL; to be called as often. Once a minute it looks, and goes on
  /// with each call while there is more: some thousand rows a second.
  void purge() {
    boolean due = steps++ % PURGE_EVERY == 0 || moreToPurge;
    // After a failure it waits for its minute.
    moreToPurge = false;
    if (levels.third().available() && due) {
      boolean moreOwed = levels.third().outbox().forget(PURGE) == PURGE;
      moreToPurge = levels.third().entries().purge(PURGE).more() || moreOwed;
    }
  }

  /// Tells a server that was away all that it missed, down to what others are about to tell it.
  ///
  /// @return whether it was all
  boolean catchUp(Partition partition) {
    levels.third().refreshFloor();
    if (!levels.third().available()) {
      // What PostgreSQL keeps for it was never confirmed to anybody.
      return true;
    }
    try {
      spread();
      return relay(partition) && tellTheRest(partition);
    } catch (DatabaseUnavailable _) {
      return false;
    }
  }

  private void spread() {
    levels.third().outbox().spread(servers, BATCH * MOST_BATCHES);
  }

  /// What PostgreSQL owes to one server, oldest first.
  ///
  /// @return whether it was all, but for what other replicas are about to tell the server
  private boolean relay(Partition partition) {
    InvalidationOutbox outbox = levels.third().outbox();
    for (int i = 0; i < MOST_BATCHES; i++) {
      if (outbox.relay(partition.number(), BATCH, owed -> tell(partition, owed)) < BATCH) {
        return true;
      }
    }
    return false;
  }

  /// What other replicas are about to tell it, and may not come to tell it, and what is new. It is
  /// told of nothing twice.
  private boolean tellTheRest(Partition partition) {
    // In this order: what another one spreads meanwhile is in one of them.
    return tellTheRest(partition, InvalidationOutbox.ALL_SERVERS)
        && tellTheRest(partition, partition.number());
  }

  private boolean tellTheRest(Partition partition, int server) {
    long after = 0;
    for (int i = 0; i < MOST_BATCHES; i++) {
      List<Owed> rest = levels.third().outbox().owed(server, after, BATCH);
      tell(partition, rest);
      if (rest.size() < BATCH) {
        return true;
      }
      after = rest.getLast().id();
    }
    return false;
  }

  private void tell(Partition partition, List<Owed> owed) {
    partition.tell(
        owed.stream()
            .filter(one -> levels.concerned(one.what()).contains(partition))
            .map(one -> missed(partition, one))
            .toList());
  }

  private Missed missed(Partition partition, Owed owed) {
    return new Missed(
        owed.id() + ":" + owed.addedAt(),
        levels.members(owed.what(), partition),
        owed.what().tags(),
        owed.version());
  }

  /// What Redis owes to PostgreSQL: writes. The sight is taken before they are read, so that an
  /// invalidation which comes in between refuses them; those put after the sight wait for the next
  /// one, because what it refuses may have come before them. And what was put past Redis has to be
  /// known to it, or an older write would be taken for a newer one.
  private void flush(Partition partition) {
    Backlog backlog = partition.backlog();
    for (int i = 0; i < MOST_BATCHES; i++) {
      long newest = backlog.version();
      Sight since = levels.third().entries().sight();
      if (!relay(partition) || !tellTheRest(partition)) {
        return;
      }
      List<DirtyWrite> dirty =
          backlog.dirty(node, TURN, BATCH).stream()
              .filter(write -> write.frame().version() <= newest)
              .toList();
      if (dirty.isEmpty()) {
        return;
      }
      long now = partition.serverMillis();
      List<Write> writes = new ArrayList<>();
      Map<String, Long> done = new HashMap<>();
      for (DirtyWrite write : dirty) {
        done.put(write.member(), write.frame().version());
        long rest = write.frame().hardEnd() - now;
        if (write.holds() && rest >= 1000) {
          writes.add(
              new Write(
                  Levels.key(write.member()),
                  write.frame().payload(),
                  Set.copyOf(write.frame().tagNames()),
                  Duration.ofMillis(rest),
                  write.frame().version()));
        }
      }
      levels.third().entries().writeAll(since, writes);
      backlog.settle(done);
    }
  }
}
