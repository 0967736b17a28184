package io.soilhub.scalability.jobs.journal;

import java.util.Map;

/// A queue's open jobs and its past.
///
/// @param pending jobs that are due, by priority
/// @param delayed jobs that are not due yet, first attempts and further ones
/// @param oldestPendingSeconds how long the longest waiting job has been due
/// @param ratePerMinute jobs finished over the last minute, from the counts of two calendar minutes
public record QueueCounts(
    Map<Integer, Long> pending,
    long delayed,
    long running,
    long completedTotal,
    long failedTotal,
    double oldestPendingSeconds,
    double ratePerMinute) {

  static final QueueCounts EMPTY = new QueueCounts(Map.of(), 0, 0, 0, 0, 0, 0);
}
