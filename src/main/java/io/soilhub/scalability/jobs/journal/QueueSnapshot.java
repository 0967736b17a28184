package io.soilhub.scalability.jobs.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// The counts of every queue that has or had jobs.
///
/// @param counts by the name of the queue
/// @param countedAt when the open jobs were counted last, by the database's clock; the epoch before
///   the first time
/// @param age how long ago that was when the snapshot was read
public record QueueSnapshot(Map<String, QueueCounts> counts, Instant countedAt, Duration age) {

  public QueueSnapshot {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }
}
