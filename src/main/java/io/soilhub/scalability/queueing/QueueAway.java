package io.soilhub.scalability.queueing;

/// Redis did not answer, or refused: nothing is lost by it, and the caller goes on without.
public final class QueueAway extends RuntimeException {

  private static final long serialVersionUID = 1L;

  QueueAway(Throwable cause) {
    super(cause.getMessage(), cause);
  }
}
