package io.soilhub.scalability.gateway.proxy;

import java.io.IOException;

/// The deadline passed while a response was still arriving, as with a stream of events. This says
/// nothing about the instance.
final class DeadlineExceeded extends IOException {

  private static final long serialVersionUID = 1L;

  DeadlineExceeded(Throwable cause) {
    super("the deadline passed", cause);
  }
}
