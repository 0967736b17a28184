package io.soilhub.scalability.jobs.journal;

import java.time.Instant;
import java.util.Optional;

/// Open jobs of one queue and priority.
///
/// @param pending jobs that are due
/// @param dueSince since when the longest waiting of them has been; empty without any
record OpenJobs(
    String queue,
    int priority,
    long pending,
    long delayed,
    long running,
    Optional<Instant> dueSince) {

  OpenJobs {
    // a member that was left out arrives as null
    dueSince = dueSince == null ? Optional.empty() : dueSince;
  }

  long all() {
    return pending + delayed + running;
  }

  /// Those of two parts of the journal together.
  OpenJobs and(OpenJobs other) {
    return new OpenJobs(
        queue,
        priority,
        pending + other.pending,
        delayed + other.delayed,
        running + other.running,
        dueSince
            .filter(at -> other.dueSince.filter(at::isAfter).isEmpty())
            .or(() -> other.dueSince));
  }
}
