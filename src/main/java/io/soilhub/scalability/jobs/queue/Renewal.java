package io.soilhub.scalability.jobs.queue;

import java.util.List;

/// What became of leases that were to be renewed; those in neither list were.
///
/// @param lost held by another node now
/// @param unknown held by nobody: expired and not yet taken, or Redis lost them
public record Renewal(List<QueueEntry> lost, List<QueueEntry> unknown) {

  static Renewal of(List<?> reply) {
    return new Renewal(members(reply.get(0)), members(reply.get(1)));
  }

  private static List<QueueEntry> members(Object list) {
    return ((List<?>) list).stream().map(m -> QueueEntry.parse((String) m)).toList();
  }
}
