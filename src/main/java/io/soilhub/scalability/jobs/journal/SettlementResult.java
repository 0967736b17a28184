package io.soilhub.scalability.jobs.journal;

import java.time.Duration;
import java.util.UUID;

/// The journal's answer to a settlement.
///
/// @param accepted false when the job was claimed again, cancelled or ended meanwhile: whatever the
///   claim produced is to be discarded
/// @param status what the job is now, when accepted; cancelled instead of retrying when a
///   cancellation had been asked for
/// @param dueIn time until the job runs again; negative when due already; zero for a terminal one
public record SettlementResult(
    UUID jobId, long fence, boolean accepted, JobStatus status, Duration dueIn) {

  Claim claim() {
    return new Claim(jobId, fence);
  }
}
