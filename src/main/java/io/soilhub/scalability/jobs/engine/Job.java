package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.jobs.journal.JobRecord;
import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.platform.core.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A job as the API shows it.
///
/// @param progress 0 to 100
/// @param attempt 0 before the first start
/// @param worker node that runs it or ran it last
/// @param result of a completed job; lists leave it out
/// @param error of a failed or cancelled job, or of the last attempt of one that is tried again
/// @param history states in the order of time
public record Job(
    UUID jobId,
    String jobType,
    String queue,
    Priority priority,
    JobStatus status,
    int progress,
    int attempt,
    int maxAttempts,
    int crashes,
    int timeoutSeconds,
    boolean cancelRequested,
    List<String> tags,
    Instant createdAt,
    Instant runAt,
    Optional<Instant> startedAt,
    Optional<Instant> completedAt,
    Optional<String> worker,
    Optional<JsonNode> result,
    Optional<Failure> error,
    List<Step> history) {

  /// Why a job did not complete.
  ///
  /// @param type stable name in upper case
  public record Failure(String type, String message) {}

  /// One state that the job was in.
  public record Step(
      JobStatus status, Instant at, Optional<String> node, Optional<String> message) {}

  static Job of(JobRecord job) {
    return new Job(
        job.jobId(),
        job.jobType(),
        job.queue(),
        Priority.of(job.priority()),
        job.status(),
        job.progress(),
        job.attempt(),
        job.maxAttempts(),
        job.crashes(),
        job.timeoutSeconds(),
        job.cancelRequested(),
        job.tags(),
        job.times().createdAt(),
        job.times().runAt(),
        job.times().startedAt(),
        job.times().completedAt(),
        text(job.worker()),
        text(job.result()).map(Json::parse),
        text(job.errorType()).map(type -> new Failure(type, job.errorMessage())),
        job.history().stream()
            .map(s -> new Step(s.status(), s.at(), text(s.node()), text(s.message())))
            .toList());
  }

  private static Optional<String> text(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }
}
