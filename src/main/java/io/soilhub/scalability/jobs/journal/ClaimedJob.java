package io.soilhub.scalability.jobs.journal;

import io.soilhub.scalability.telemetry.tracing.TraceContext;
import java.time.Duration;
import java.util.UUID;

/// A job that was claimed, with everything needed to run it.
///
/// @param status running; or failed or cancelled when the claim ended the job instead, because its
///   workers keep dying or its cancellation was asked for before its last worker died
/// @param payload JSON text; empty when it is large, for [Journal#payload] to read when it is
///   needed
/// @param payloadBytes its size
/// @param attempt 1 for the first; a claim after a crash repeats the attempt
/// @param fence number of this claim, greater than that of every earlier claim of the job
/// @param postponements how often this attempt was put off because the database was away
/// @param trace of the request that submitted it
public record ClaimedJob(
    UUID jobId,
    String queue,
    String jobType,
    int priority,
    String payload,
    int payloadBytes,
    JobStatus status,
    int attempt,
    int maxAttempts,
    long fence,
    Duration timeout,
    int crashes,
    int postponements,
    TraceContext trace) {}
