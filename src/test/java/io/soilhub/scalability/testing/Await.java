package io.soilhub.scalability.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for what other processes do, in integration tests. Unit tests step a clock instead.
public final class Await {

  private static final Duration STEP = Duration.ofMillis(50);

  private Await() {}

  public static void until(String what, Duration limit, BooleanSupplier condition) {
    until(() -> what, limit, condition);
  }

  /// @throws AssertionError when the condition does not hold within the limit
  public static void until(Supplier<String> what, Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within %s: %s".formatted(limit, what.get()));
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }
}
