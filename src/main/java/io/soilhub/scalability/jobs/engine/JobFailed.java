package io.soilhub.scalability.jobs.engine;

/// A failure that a handler explains: the type and message end up in the job's `error`.
public final class JobFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String type;
  private final boolean retryable;

  private JobFailed(String type, String message, boolean retryable) {
    super(message);
    this.type = type;
    this.retryable = retryable;
  }

  /// Ends the job: trying again would give the same.
  public static JobFailed permanently(String type, String message) {
    return new JobFailed(type, message, false);
  }

  /// Ends the attempt; the job runs again while it has attempts left.
  public static JobFailed transiently(String type, String message) {
    return new JobFailed(type, message, true);
  }

  /// Stable name in upper case, for instance `NO_TRIAL_DATA`.
  public String type() {
    return type;
  }

  public boolean retryable() {
    return retryable;
  }
}
