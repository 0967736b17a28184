package io.soilhub.scalability.journal;

import io.soilhub.scalability.tracing.TraceContext;
import java.time.Duration;
import java.util.UUID;

/// A job that was claimed, with everything needed to run it.
///
/// @param status running; or failed or cancelled when the claim ended the job instead, because its
///   workers keep dying or its cancellation was asked for before its last worker died
/// @param attempt 1 for the first; a claim after a crash repeats the attempt
/// @param fence number of this claim, greater than that of every earlier claim of the job
/// @param trace of the request that submitted it
public record ClaimedJob(
    UUID jobId,
    String queue,
    String jobType,
    int priority,
    String payload,
    JobStatus status,
    int attempt,
    int maxAttempts,
    long fence,
    Duration timeout,
    int crashes,
    TraceContext trace) {}
