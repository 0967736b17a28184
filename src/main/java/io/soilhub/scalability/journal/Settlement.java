package io.soilhub.scalability.journal;

import java.time.Duration;
import java.util.UUID;

/// What becomes of a claimed job.
///
/// @param status completed, failed, cancelled; retrying for another attempt after `delay`; pending
///   to give the claim back unused, as if the attempt had not been made
/// @param result JSON text, empty for none
/// @param errorType empty for none
/// @param errorMessage empty for none
public record Settlement(
    UUID jobId,
    long fence,
    JobStatus status,
    String result,
    String errorType,
    String errorMessage,
    Duration delay) {

  private static final int LONGEST_MESSAGE = 2000;

  public Settlement {
    if (status == JobStatus.RUNNING || delay.isNegative()) {
      throw new IllegalArgumentException("a claim cannot be settled as " + status);
    }
    errorMessage = storable(errorMessage);
  }

  public static Settlement completed(ClaimedJob job, String result) {
    return new Settlement(
        job.jobId(), job.fence(), JobStatus.COMPLETED, result, "", "", Duration.ZERO);
  }

  public static Settlement failed(ClaimedJob job, String type, String message) {
    return new Settlement(
        job.jobId(), job.fence(), JobStatus.FAILED, "", type, message, Duration.ZERO);
  }

  public static Settlement cancelled(ClaimedJob job) {
    return new Settlement(
        job.jobId(),
        job.fence(),
        JobStatus.CANCELLED,
        "",
        "CANCELLED",
        "Cancelled while running.",
        Duration.ZERO);
  }

  public static Settlement retrying(ClaimedJob job, String type, String message, Duration delay) {
    return new Settlement(job.jobId(), job.fence(), JobStatus.RETRYING, "", type, message, delay);
  }

  public static Settlement released(ClaimedJob job, String reason) {
    return new Settlement(
        job.jobId(), job.fence(), JobStatus.PENDING, "", "", reason, Duration.ZERO);
  }

  Claim claim() {
    return new Claim(jobId, fence);
  }

  /// PostgreSQL takes no NUL in text, and a message is for reading.
  private static String storable(String message) {
    String clean = message.replace("\0", "");
    return clean.length() <= LONGEST_MESSAGE
        ? clean
        : clean.substring(0, LONGEST_MESSAGE - 1) + "…";
  }
}
