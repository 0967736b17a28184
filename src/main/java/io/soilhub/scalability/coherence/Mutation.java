package io.soilhub.scalability.coherence;

import java.util.List;

/// A mutation as the log has it.
///
/// @param existed how many valid entries there were before
/// @param version grows with every mutation of one server
public record Mutation(long epoch, long seq, int existed, long version) {

  /// From the answer of a script that mutates.
  static Mutation of(List<Object> answer) {
    return new Mutation(
        RedisNode.number(answer.get(0)),
        RedisNode.number(answer.get(1)),
        (int) RedisNode.number(answer.get(2)),
        RedisNode.number(answer.get(3)));
  }
}
