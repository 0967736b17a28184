package io.soilhub.scalability.cache.redis;

import java.util.List;

/// A mutation as the log has it.
///
/// @param existed how many valid entries there were before
/// @param version grows with every mutation of one server
/// @param writesBehind whether some node writes behind: then a write that this mutation overtook
///   may still reach the third level
public record Mutation(long epoch, long seq, int existed, long version, boolean writesBehind) {

  /// From the answer of a script that mutates.
  static Mutation of(List<Object> answer) {
    return new Mutation(
        RedisNode.number(answer.get(0)),
        RedisNode.number(answer.get(1)),
        (int) RedisNode.number(answer.get(2)),
        RedisNode.number(answer.get(3)),
        RedisNode.number(answer.getLast()) == 1);
  }
}
