package io.soilhub.scalability.cache;

import io.soilhub.scalability.platform.Ticker;
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
}
