package io.soilhub.scalability.jobs.queue;

/// Redis did not answer, or refused: nothing is lost by it, and the caller goes on without.
public final class QueueUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  QueueUnavailable(Throwable cause) {
    super(cause.getMessage(), cause);
  }
}
