package io.soilhub.scalability.jobs.journal;

import java.time.Duration;
import java.util.UUID;

/// What becomes of a claimed job.
///
/// @param status completed, failed, cancelled; retrying for another attempt after `delay`; pending
///   to give the claim back unused, as if the attempt had not been made
/// @param result JSON text, empty for none
/// @param errorType empty for none
/// @param errorMessage empty for none
/// @param started whether a run of the claim began; one that did not leaves nothing in the history
/// @param postponements how often the attempt was put off by then
public record Settlement(
    UUID jobId,
    long fence,
    JobStatus status,
    String result,
    String errorType,
    String errorMessage,
    Duration delay,
    boolean started,
    int postponements) {

  private static final int LONGEST_MESSAGE = 2000;

  public Settlement {
    if (status == JobStatus.RUNNING || delay.isNegative()) {
      throw new IllegalArgumentException("a claim cannot be settled as " + status);
    }
    errorType = storable(errorType);
    errorMessage = storable(errorMessage);
  }

  public static Settlement completed(ClaimedJob job, String result) {
    return ended(job, JobStatus.COMPLETED, result, "", "");
  }

  public static Settlement failed(ClaimedJob job, String type, String message) {
    return ended(job, JobStatus.FAILED, "", type, message);
  }

  public static Settlement cancelled(ClaimedJob job) {
    return ended(job, JobStatus.CANCELLED, "", "CANCELLED", "Cancelled while running.");
  }

  public static Settlement retrying(ClaimedJob job, String type, String message, Duration delay) {
    return new Settlement(
        job.jobId(), job.fence(), JobStatus.RETRYING, "", type, message, delay, true, 0);
  }

  /// Like [#released], to be taken again after a delay: the attempt failed through no fault of the
  /// job.
  public static Settlement postponed(ClaimedJob job, String reason, Duration delay) {
    return givenBack(job, reason, delay, true, job.postponements() + 1);
  }

  /// Gives back a claim whose run was stopped.
  public static Settlement released(ClaimedJob job, String reason) {
    return givenBack(job, reason, Duration.ZERO, true, job.postponements());
  }

  /// Gives back a claim that no run began.
  public static Settlement unstarted(ClaimedJob job) {
    return givenBack(job, "", Duration.ZERO, false, job.postponements());
  }

  private static Settlement ended(
      ClaimedJob job, JobStatus status, String result, String type, String message) {
    return new Settlement(
        job.jobId(), job.fence(), status, result, type, message, Duration.ZERO, true, 0);
  }

  private static Settlement givenBack(
      ClaimedJob job, String reason, Duration delay, boolean started, int postponements) {
    return new Settlement(
        job.jobId(), job.fence(), JobStatus.PENDING, "", "", reason, delay, started, postponements);
  }

  /// Whether events are written for it, unless the job is cancelled meanwhile.
  boolean isDetour() {
    return started && !status.terminal();
  }

  Claim claim() {
    return new Claim(jobId, fence);
  }

  /// PostgreSQL takes no NUL in text, and a message is for reading. Failures may have none.
  private static String storable(String message) {
    String clean = message == null ? "" : message.replace("\0", "");
    return clean.length() <= LONGEST_MESSAGE
        ? clean
        : clean.substring(0, LONGEST_MESSAGE - 1) + "…";
  }
}
