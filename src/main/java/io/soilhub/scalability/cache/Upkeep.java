package io.soilhub.scalability.cache;

import io.soilhub.scalability.coherence.Backlog;
import io.soilhub.scalability.coherence.CoherenceAway;
import io.soilhub.scalability.coherence.DirtyWrite;
import io.soilhub.scalability.coherence.Partition;
import io.soilhub.scalability.entries.Owed;
import io.soilhub.scalability.entries.Sight;
import io.soilhub.scalability.entries.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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

  private final List<Partition> partitions;
  private final Levels levels;
  private final String node;
  private final Set<Told> told = new HashSet<>();
  private int steps;

  /// A row of the outbox and a server that has been told of it.
  private record Told(long row, Partition partition) {}

  Upkeep(Collection<Partition> partitions, Levels levels, String node) {
    this.partitions = List.copyOf(partitions);
    this.levels = levels;
    this.node = node;
  }

  /// One round; to be called some times a second.
  void step() {
    if (!levels.third().available()) {
      return;
    }
    relay();
    if (++steps % PURGE_EVERY == 0) {
      purge();
    }
    for (Partition partition : partitions) {
      if (partition.available()) {
        try {
          levels.third().collect(partition.backlog());
          flush(partition);
        } catch (CoherenceAway _) {
          // goes on when it is back
        }
      }
    }
  }

  private void purge() {
    int deleted = PURGE;
    for (int i = 0; i < MOST_BATCHES && deleted == PURGE; i++) {
      deleted = levels.third().entries().purge(PURGE);
    }
  }

  /// Tells a server that was away what it missed. Nothing is deleted: others may have missed it
  /// too.
  ///
  /// @return whether the server may be used again
  boolean catchUp(Partition partition) {
    levels.third().refreshFloor();
    if (!levels.third().available()) {
      // What PostgreSQL keeps for it was never confirmed to anybody.
      return true;
    }
    for (Owed owed : levels.third().outbox().oldest(BATCH * MOST_BATCHES)) {
      deliver(owed, partition);
    }
    return true;
  }

  /// What PostgreSQL owes to Redis. Rows go when all servers have been told; while one is away, the
  /// others are told nevertheless.
  ///
  /// @return whether every server that is in use has been told everything
  private boolean relay() {
    try {
      if (partitions.stream().allMatch(Partition::available)) {
        int delivered = BATCH;
        for (int i = 0; i < MOST_BATCHES && delivered == BATCH; i++) {
          delivered = levels.third().outbox().relay(BATCH, owed -> deliver(owed, partitions));
        }
        told.clear();
        return delivered < BATCH;
      }
      List<Owed> owed = levels.third().outbox().oldest(BATCH * MOST_BATCHES);
      deliver(owed, partitions.stream().filter(Partition::available).toList());
      return owed.size() < BATCH * MOST_BATCHES;
    } catch (CoherenceAway _) {
      return false;
    }
  }

  private void deliver(List<Owed> owed, List<Partition> to) {
    for (Owed one : owed) {
      for (Partition partition : to) {
        Told now = new Told(one.id(), partition);
        if (!told.contains(now)) {
          deliver(one, partition);
          told.add(now);
        }
      }
    }
  }

  private void deliver(Owed one, Partition partition) {
    if (levels.concerned(one.what()).contains(partition)) {
      partition.catchUp(
          Long.toString(one.id()),
          levels.members(one.what(), partition),
          one.what().tags(),
          one.version());
    }
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
      if (!relay()) {
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
