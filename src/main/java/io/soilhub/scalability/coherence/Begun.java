package io.soilhub.scalability.coherence;

import io.soilhub.scalability.coherence.Leased.Lease;
import java.util.List;

/// A write was announced: the old entry is void, and nobody else may fill the key while the lease
/// lasts.
///
/// @param thirdLevelHolds whether the third level has heard of every invalidation so far
public record Begun(Mutation mutation, Lease lease, boolean thirdLevelHolds) {

  /// From the answer of invalidate.lua.
  static Begun of(String member, String token, List<Object> answer) {
    Mutation mutation = Mutation.of(answer);
    long tagSeq = RedisNode.number(answer.get(4));
    return new Begun(
        mutation,
        new Lease(member, token, mutation.epoch(), mutation.seq(), tagSeq),
        RedisNode.number(answer.get(5)) == 1);
  }
}
