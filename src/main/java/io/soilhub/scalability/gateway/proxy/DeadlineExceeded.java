package io.soilhub.scalability.gateway.proxy;

import java.io.IOException;

/// The deadline came while an answer was still arriving, as with a stream of events. It says
/// nothing about the instance.
final class DeadlineExceeded extends IOException {

  private static final long serialVersionUID = 1L;

  DeadlineExceeded(Throwable cause) {
    super("over the deadline", cause);
  }
}
