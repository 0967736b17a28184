package io.soilhub.scalability.cache.redis;

import java.util.List;
import java.util.Optional;

/// What a node is told that asks for an entry in order to give or to load it.
public sealed interface LeaseReply {

  /// Number of the last mutation when the answer was made.
  long seq();

  /// There is a valid entry. All its tags stood as it notes them at [#seq].
  ///
  /// @param now the server's clock, milliseconds
  record Hit(EncodedEntry entry, long epoch, long seq, long now) implements LeaseReply {}

  /// Somebody else is loading it.
  ///
  /// @param expired the entry of before if nothing but its age is wrong with it
  record Busy(Optional<EncodedEntry> expired, long seq) implements LeaseReply {}

  /// The asker is to load it, and may store what it loaded under this lease.
  ///
  /// @param thirdLevelHolds whether the third level has heard of every invalidation so far
  record Granted(Lease lease, boolean thirdLevelHolds, Optional<EncodedEntry> expired)
      implements LeaseReply {
    @Override
    public long seq() {
      return lease.seq();
    }
  }

  /// The right to store one value, gone as soon as the key or one of the value's tags is
  /// invalidated.
  record Lease(String member, String token, long epoch, long seq, long tagSeq) {}

  /// From the answer of lease.lua.
  static LeaseReply of(String member, String token, List<Object> answer) {
    long epoch = RedisNode.number(answer.get(1));
    long seq = RedisNode.number(answer.get(2));
    byte[] bytes = (byte[]) answer.get(5);
    Optional<EncodedEntry> entry = EncodedEntry.of(bytes);
    return switch (RedisNode.text(answer.get(0))) {
      case "HIT" -> new Hit(entry.orElseThrow(), epoch, seq, RedisNode.number(answer.get(6)));
      case "WAIT" -> new Busy(entry, seq);
      default ->
          new Granted(
              new Lease(member, token, epoch, seq, RedisNode.number(answer.get(3))),
              RedisNode.number(answer.get(4)) == 1,
              entry);
    };
  }
}
