package io.soilhub.scalability.platform;

import java.time.Duration;

/// Waiting for nothing but time, between two looks at something that cannot call back. Tests step
/// it.
@FunctionalInterface
public interface Pause {

  void of(Duration duration) throws InterruptedException;

  static Pause system() {
    return Thread::sleep;
  }
}
