package io.soilhub.scalability.gateway;

import java.io.IOException;

/// The deadline came while an answer was still arriving, as with a stream of events. It says
/// nothing about the instance.
final class TimeUp extends IOException {

  private static final long serialVersionUID = 1L;

  TimeUp(Throwable cause) {
    super("over the deadline", cause);
  }
}
