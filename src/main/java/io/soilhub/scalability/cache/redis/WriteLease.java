package io.soilhub.scalability.cache.redis;

import io.soilhub.scalability.cache.redis.LeaseReply.Lease;
import java.util.List;

/// A write was announced: the old entry is void, and nobody else may fill the key while the lease
/// lasts.
///
/// @param thirdLevelHolds whether the third level has heard of every invalidation so far
public record WriteLease(Mutation mutation, Lease lease, boolean thirdLevelHolds) {

  /// From the answer of invalidate.lua.
  static WriteLease of(String member, String token, List<Object> answer) {
    Mutation mutation = Mutation.of(answer);
    long tagSeq = RedisNode.number(answer.get(4));
    return new WriteLease(
        mutation,
        new Lease(member, token, mutation.epoch(), mutation.seq(), tagSeq),
        RedisNode.number(answer.get(5)) == 1);
  }
}
