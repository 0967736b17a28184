package io.soilhub.scalability.jobs.queue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a queue answers when work is given back and asked for.
///
/// @param known false when the queue must be rebuilt before it hands out anything
/// @param taken members now leased to the caller
/// @param nextDue time until a delayed member becomes due
/// @param rateWait time until the rate limit lets another member pass; zero when it is not in the
///   way
/// @param limited whether a limit is set: then nothing is to be taken ahead of being run
/// @param left members that stay ready
public record ClaimReply(
    boolean known,
    List<QueueEntry> taken,
    Optional<Duration> nextDue,
    Duration rateWait,
    boolean limited,
    long left) {

  private static final int HEAD = 5;

  static ClaimReply of(List<?> reply) {
    long dueMs = (Long) reply.get(1);
    return new ClaimReply(
        (Long) reply.get(0) == 1,
        reply.subList(HEAD, reply.size()).stream().map(m -> QueueEntry.parse((String) m)).toList(),
        dueMs < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(dueMs)),
        Duration.ofMillis((Long) reply.get(2)),
        (Long) reply.get(3) == 1,
        (Long) reply.get(4));
  }
}
