package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.platform.core.Ticker;
import java.util.concurrent.atomic.LongAdder;

/// What happened to one kind of data on this replica since it started.
final class Counters {

  /// Is told how long each load took.
  volatile Ticker.Listener loading = (_, _) -> {};

  final LongAdder l1Hits = new LongAdder();
  final LongAdder l2Hits = new LongAdder();
  final LongAdder l3Hits = new LongAdder();
  final LongAdder misses = new LongAdder();
  final LongAdder loads = new LongAdder();
  final LongAdder loadFailures = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder stale = new LongAdder();
  final LongAdder puts = new LongAdder();
  final LongAdder invalidations = new LongAdder();
  final LongAdder evictions = new LongAdder();

  /// A read that shared what another one brought from below the first level.
  void shared(CacheReadResult<?> answer) {
    if (answer.stale()) {
      stale.increment();
    } else {
      switch (answer.level()) {
        case L1 -> l1Hits.increment();
        case L2 -> l2Hits.increment();
        case L3 -> l3Hits.increment();
        case SOURCE -> misses.increment();
      }
    }
  }
}
