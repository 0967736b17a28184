package io.soilhub.scalability.cache.redis;

import io.soilhub.scalability.cache.redis.RedisNode.Owed;
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
  private static final int MOST_BYTES = 4 << 20;
  private static final RedisScript PAID = RedisNode.script("paid.lua");

  private final RedisShard redisShard;

  Backlog(RedisShard redisShard) {
    this.redisShard = redisShard;
  }

  /// The writes that wait longest. For `keepOthersAway` other nodes get none.
  public List<DirtyWrite> dirty(String node, Duration keepOthersAway, int limit) {
    List<Object> answer =
        redisShard.run(
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
    return RedisNode.number(redisShard.run(VERSION, new Arguments()).getFirst());
  }

  /// Forgets writes, by member and version, that the third level has or that no longer hold.
  ///
  /// @return how many are left
  public long settle(Map<String, Long> versions) {
    Arguments arguments = new Arguments();
    versions.forEach((member, version) -> arguments.add(member).add(version));
    return RedisNode.number(redisShard.run(SETTLE, arguments).getFirst());
  }

  /// What is owed to the third level and to a CDN.
  public Debts debts(int limit) {
    return new Debts(redisShard.owed(limit));
  }

  /// Forgets debts that are paid.
  public void paid(Debts debts) {
    Arguments arguments = new Arguments();
    for (int set = 0; set < debts.owed.size(); set++) {
      for (Owed owed : debts.owed.get(set)) {
        arguments.add(set + 1).add(owed.name()).add(owed.seq());
      }
    }
    redisShard.run(PAID, arguments);
  }

  /// What is owed, each as of one mutation.
  public static final class Debts {
    private final List<List<Owed>> owed;

    private Debts(List<List<Owed>> owed) {
      this.owed = owed;
    }

    public boolean none() {
      return owed.stream().allMatch(List::isEmpty);
    }

    /// Whose invalidation is owed to the third level.
    public Set<String> members() {
      return names(0);
    }

    /// Whose invalidation is owed to the third level.
    public Set<String> tags() {
      return names(1);
    }

    /// Tags of which a CDN is to be purged.
    public Set<String> purges() {
      return names(2);
    }

    private Set<String> names(int set) {
      Set<String> names = new HashSet<>();
      owed.get(set).forEach(one -> names.add(one.name()));
      return names;
    }
  }
}
