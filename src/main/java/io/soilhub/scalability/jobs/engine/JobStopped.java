package io.soilhub.scalability.jobs.engine;

/// Unwinds a handler whose job was cancelled, timed out or taken over.
public final class JobStopped extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public JobStopped(String reason) {
    super(reason);
  }
}
