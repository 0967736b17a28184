package io.soilhub.scalability.platform;

import java.time.Duration;

/// Monotonic nanoseconds for measuring elapsed time. The origin is arbitrary: only differences mean
/// anything. For the time of day there is [java.time.Clock].
@FunctionalInterface
public interface Ticker {

  /// Is told how long a call took. It must not wait.
  @FunctionalInterface
  interface Listener {
    void took(long nanos, boolean failed);
  }

  long nanos();

  /// Waits for nothing but time, between two looks at something that cannot call back.
  default void pause(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }

  static Ticker system() {
    return System::nanoTime;
  }
}
