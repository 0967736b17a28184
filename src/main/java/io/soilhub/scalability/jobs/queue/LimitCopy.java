package io.soilhub.scalability.jobs.queue;

import io.soilhub.scalability.jobs.journal.QueueLimits;
import io.soilhub.scalability.jobs.journal.QueueStore;

/// Brings the limits of a queue from the journal to Redis.
///
/// Copies until the journal still says what was copied: of several that copy at the same time the
/// last writer has looked after its writing, so it cannot leave limits that were changed meanwhile.
public final class LimitCopy {

  private static final int MOST_CHANGES = 20;

  private LimitCopy() {}

  /// @throws QueueUnavailable when Redis does not answer
  public static void copy(QueueStore ledger, LeaseQueue queue) {
    QueueLimits now = ledger.limits(queue.name());
    QueueLimits copied = null;
    for (int i = 0; i < MOST_CHANGES && !now.equals(copied); i++) {
      queue.limit(now.paused(), now.maxConcurrency(), now.rateLimitPerMinute());
      copied = now;
      now = ledger.limits(queue.name());
    }
  }
}
