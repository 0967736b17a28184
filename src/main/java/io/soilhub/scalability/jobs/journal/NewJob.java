package io.soilhub.scalability.jobs.journal;

import io.soilhub.scalability.telemetry.tracing.TraceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// A job to be written down.
///
/// @param jobId UUID version 7, so that ids sort by age
/// @param priority 0 for the lowest
/// @param payload JSON text
/// @param notBefore earliest start; [#AT_ONCE] for none
/// @param delay waiting time from the moment of writing
/// @param trace of the request that it is submitted by
public record NewJob(
    UUID jobId,
    String jobType,
    String queue,
    int priority,
    String payload,
    List<String> tags,
    int maxAttempts,
    Duration timeout,
    Instant notBefore,
    Duration delay,
    TraceContext trace) {

  public static final Instant AT_ONCE = Instant.EPOCH;

  public NewJob {
    tags = List.copyOf(tags);
    if (maxAttempts < 1 || timeout.toSeconds() < 1 || delay.isNegative() || priority < 0) {
      throw new IllegalArgumentException("attempts, timeout, delay and priority must be positive");
    }
  }
}
