package io.soilhub.scalability.cache.redis;

import io.soilhub.scalability.cache.redis.RedisNode.PendingName;
import io.soilhub.scalability.platform.redis.RedisScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the third level has not heard of yet: writes that it is to follow (write-behind), and
/// invalidations and purges of a CDN that came while it was away. All stay noted in Redis until the
/// third level has them, and only what was handed over is forgotten, not what came after it.
public final class Backlog {

  private static final RedisScript DIRTY = RedisNode.script("dirty.lua");
  private static final RedisScript SETTLE = RedisNode.script("settle.lua");
  private static final RedisScript VERSION = RedisNode.script("version.lua");
  private static final RedisScript PAID = RedisNode.script("paid.lua");
  private static final int MOST_BYTES = 4 << 20;

  private final RedisShard shard;

  Backlog(RedisShard shard) {
    this.shard = shard;
  }

  /// The writes that wait longest. For `keepOthersAway` other nodes get none.
  public List<DirtyWrite> dirty(String node, Duration keepOthersAway, int limit) {
    List<Object> answer =
        shard.run(
            DIRTY, Arguments.of(node).add(keepOthersAway.toMillis()).add(limit).add(MOST_BYTES));
    List<DirtyWrite> writes = new ArrayList<>(answer.size() / 3);
    for (int i = 0; i + 2 < answer.size(); i += 3) {
      String member = RedisNode.text(answer.get(i));
      boolean holds = RedisNode.number(answer.get(i + 2)) == 1;
      EncodedEntry.of((byte[]) answer.get(i + 1))
          .ifPresent(encodedEntry -> writes.add(new DirtyWrite(member, encodedEntry, holds)));
    }
    return writes;
  }

  /// The version of the last write.
  public long version() {
    return RedisNode.number(shard.run(VERSION, new Arguments()).getFirst());
  }

  /// Forgets writes, by member and version, that the third level has or that no longer hold.
  ///
  /// @return how many are left
  public long settle(Map<String, Long> versions) {
    Arguments arguments = new Arguments();
    versions.forEach((member, version) -> arguments.add(member).add(version));
    return RedisNode.number(shard.run(SETTLE, arguments).getFirst());
  }

  /// The changes that the third level and a CDN have yet to be told.
  public PendingChanges pendingChanges(int limit) {
    return new PendingChanges(shard.pending(limit));
  }

  /// Forgets changes that were told.
  public void told(PendingChanges changes) {
    Arguments arguments = new Arguments();
    for (int set = 0; set < changes.names.size(); set++) {
      for (PendingName pending : changes.names.get(set)) {
        arguments.add(set + 1).add(pending.name()).add(pending.seq());
      }
    }
    shard.run(PAID, arguments);
  }

  /// What was noted with [PendingChange], each name as of its last mutation.
  public static final class PendingChanges {
    private final List<List<PendingName>> names;

    private PendingChanges(List<List<PendingName>> names) {
      this.names = names;
    }

    public boolean isEmpty() {
      return names.stream().allMatch(List::isEmpty);
    }

    /// Whose invalidation the third level has not heard of.
    public Set<String> members() {
      return names(0);
    }

    /// Whose invalidation the third level has not heard of.
    public Set<String> tags() {
      return names(1);
    }

    /// Tags of which a CDN is to be purged.
    public Set<String> purges() {
      return names(2);
    }

    private Set<String> names(int set) {
      Set<String> found = new HashSet<>();
      names.get(set).forEach(pending -> found.add(pending.name()));
      return found;
    }
  }
}
