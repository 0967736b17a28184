package io.soilhub.scalability.platform;

/// Monotonic nanoseconds for measuring elapsed time. The origin is arbitrary: only differences mean
/// anything. For the time of day there is [java.time.Clock].
@FunctionalInterface
public interface Ticker {
  long nanos();

  static Ticker system() {
    return System::nanoTime;
  }
}
