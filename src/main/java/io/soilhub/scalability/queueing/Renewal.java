package io.soilhub.scalability.queueing;

import java.util.List;

/// What became of leases that were to be renewed; those in neither list were.
///
/// @param lost held by another node now
/// @param unknown held by nobody: expired and not yet taken, or Redis lost them
public record Renewal(List<Member> lost, List<Member> unknown) {

  static Renewal of(List<?> reply) {
    return new Renewal(members(reply.get(0)), members(reply.get(1)));
  }

  private static List<Member> members(Object list) {
    return ((List<?>) list).stream().map(m -> Member.parse((String) m)).toList();
  }
}
