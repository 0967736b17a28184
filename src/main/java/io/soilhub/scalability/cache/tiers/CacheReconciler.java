package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.postgres.EntryWrite;
import io.soilhub.scalability.cache.postgres.InvalidationOutbox;
import io.soilhub.scalability.cache.postgres.OutboxRow;
import io.soilhub.scalability.cache.postgres.SnapshotToken;
import io.soilhub.scalability.cache.redis.Backlog;
import io.soilhub.scalability.cache.redis.DirtyWrite;
import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.cache.redis.RedisUnavailable;
import io.soilhub.scalability.cache.redis.RelayedInvalidation;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Brings to each store what the other one noted for it while it was away, and to PostgreSQL the
/// writes that it is to follow. Every step may be cut off anywhere and done again, on this replica
/// or on another one at the same time.
final class CacheReconciler {

  private static final int BATCH = 500;
  private static final int MOST_BATCHES = 20;
  private static final Duration TURN = Duration.ofSeconds(5);
  private static final int PURGE_EVERY = 600;
  private static final int PURGE = 1000;

  private final int servers;
  private final CacheContext context;
  private final ThirdLevel third;
  private final String node;
  private int steps;
  private boolean moreToPurge;

  CacheReconciler(int servers, CacheContext context, String node) {
    this.servers = servers;
    this.context = context;
    this.third = context.third();
    this.node = node;
  }

  /// One round for one server; to be called some times a second, for each server by itself: one
  /// that does not answer makes nobody else wait.
  void step(RedisShard shard) {
    if (third.available() && shard.available()) {
      try {
        spread();
        relay(shard);
        third.takeIn(shard.backlog());
        flush(shard);
      } catch (RedisUnavailable _) {
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
    if (third.available() && due) {
      boolean moreOwed = third.outbox().forget(PURGE) == PURGE;
      moreToPurge = third.entries().purge(PURGE).more() || moreOwed;
    }
  }

  /// Tells a server that was away all that it missed, down to what others are about to tell it.
  ///
  /// @return whether it was all
  boolean catchUp(RedisShard shard) {
    third.refreshFloor();
    if (!third.available()) {
      // What PostgreSQL keeps for it was never confirmed to anybody.
      return true;
    }
    try {
      spread();
      return relay(shard) && tellTheRest(shard);
    } catch (DatabaseUnavailable _) {
      return false;
    }
  }

  private void spread() {
    third.outbox().spread(servers, BATCH * MOST_BATCHES);
  }

  /// What PostgreSQL owes to one server, oldest first.
  ///
  /// @return whether it was all, but for what other replicas are about to tell the server
  private boolean relay(RedisShard shard) {
    InvalidationOutbox outbox = third.outbox();
    for (int i = 0; i < MOST_BATCHES; i++) {
      if (outbox.relay(shard.number(), BATCH, owed -> tell(shard, owed)) < BATCH) {
        return true;
      }
    }
    return false;
  }

  /// What other replicas are about to tell it, and may not come to tell it, and what is new. It is
  /// told of nothing twice.
  private boolean tellTheRest(RedisShard shard) {
    // In this order: what another one spreads meanwhile is in one of them.
    return tellTheRest(shard, InvalidationOutbox.ALL_SERVERS) && tellTheRest(shard, shard.number());
  }

  private boolean tellTheRest(RedisShard shard, int server) {
    long after = 0;
    for (int i = 0; i < MOST_BATCHES; i++) {
      List<OutboxRow> rest = third.outbox().owed(server, after, BATCH);
      tell(shard, rest);
      if (rest.size() < BATCH) {
        return true;
      }
      after = rest.getLast().id();
    }
    return false;
  }

  private void tell(RedisShard shard, List<OutboxRow> owed) {
    shard.relay(
        owed.stream()
            .filter(one -> context.concerned(one.what()).contains(shard))
            .map(one -> relayed(shard, one))
            .toList());
  }

  private RelayedInvalidation relayed(RedisShard shard, OutboxRow outboxRow) {
    return new RelayedInvalidation(
        outboxRow.id() + ":" + outboxRow.addedAt(),
        context.members(outboxRow.what(), shard),
        outboxRow.what().tags(),
        outboxRow.version());
  }

  /// What Redis owes to PostgreSQL: writes. The snapshot is taken before they are read, so that an
  /// invalidation which comes in between refuses them; those put after the snapshot wait for the
  /// next one, because what it refuses may have come before them. And what was put past Redis has
  /// to be known to it, or an older write would be taken for a newer one.
  private void flush(RedisShard shard) {
    Backlog backlog = shard.backlog();
    for (int i = 0; i < MOST_BATCHES; i++) {
      long newest = backlog.version();
      SnapshotToken since = third.entries().snapshotToken();
      if (!relay(shard) || !tellTheRest(shard)) {
        return;
      }
      List<DirtyWrite> dirty =
          backlog.dirty(node, TURN, BATCH).stream()
              .filter(write -> write.entry().version() <= newest)
              .toList();
      if (dirty.isEmpty()) {
        return;
      }
      long now = shard.serverMillis();
      List<EntryWrite> writes = new ArrayList<>();
      Map<String, Long> done = new HashMap<>();
      for (DirtyWrite write : dirty) {
        done.put(write.member(), write.entry().version());
        long rest = write.entry().hardEnd() - now;
        if (write.holds() && rest >= 1000) {
          writes.add(
              new EntryWrite(
                  CacheContext.key(write.member()),
                  write.entry().payload(),
                  Set.copyOf(write.entry().tagNames()),
                  Duration.ofMillis(rest),
                  write.entry().version()));
        }
      }
      third.entries().writeAll(since, writes);
      backlog.settle(done);
    }
  }
}
