package io.soilhub.scalability.platform.core;

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

  /// Work that may throw.
  @FunctionalInterface
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  long nanos();

  /// Runs the work and tells how long it took. Work that throws has failed, whatever it throws.
  default <T, E extends Exception> T time(Listener listener, Work<T, E> work) throws E {
    long begin = nanos();
    boolean failed = true;
    try {
      T result = work.run();
      failed = false;
      return result;
    } finally {
      listener.took(nanos() - begin, failed);
    }
  }

  /// Waits for nothing but time, between two looks at something that cannot call back.
  default void pause(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }

  static Ticker system() {
    return System::nanoTime;
  }
}
