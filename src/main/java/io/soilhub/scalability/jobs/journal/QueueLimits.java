package io.soilhub.scalability.jobs.journal;

/// How a queue may be worked off, over all replicas.
///
/// @param maxConcurrency jobs running at the same time; 0 for no limit
/// @param rateLimitPerMinute jobs started in a minute; 0 for no limit
/// @param version grows with every change
public record QueueLimits(
    String queue, boolean paused, int maxConcurrency, int rateLimitPerMinute, long version) {

  /// What holds for a queue that nobody has set anything for.
  static QueueLimits none(String queue) {
    return new QueueLimits(queue, false, 0, 0, 0);
  }
}
