package io.soilhub.scalability.cache.tiers;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What readers and writers of a cache did and saw, each operation from before its call to after
/// its return in nanoseconds of [System#nanoTime]. On Linux that is CLOCK_MONOTONIC, one clock for
/// all processes of a machine ([HistoryClockIT]), so operations may come from several.
///
/// The value of a key is the version that its source gave it: numbers that rise with every write of
/// that key, 0 where there is no value.
final class History {

  enum Outcome {
    /// Returned, and said that every replica knows.
    CONFIRMED,
    /// Returned, and said that it will be made good.
    PENDING,
    /// Threw, or its process died: it may have happened or not.
    UNKNOWN
  }

  sealed interface Operation {
    String key();

    long version();

    long start();

    long end();
  }

  /// @param version what the cache answered
  record Read(String key, long version, long start, long end) implements Operation {}

  /// A write of the source together with the put or the invalidation that belongs to it.
  ///
  /// @param version what the source holds since; a put gives this one
  record Mutation(String key, long version, long start, long end, Outcome outcome)
      implements Operation {}

  private static final int LIMIT = 20_000_000;

  private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  /// @throws IllegalStateException when a test records without end
  void add(Operation operation) {
    if (size.incrementAndGet() > LIMIT) {
      throw new IllegalStateException("more than %d operations".formatted(LIMIT));
    }
    operations.add(operation);
  }

  /// Reads and records. A read that throws gave nothing and is no part of the history.
  long read(String key, LongSupplier read) {
    long start = System.nanoTime();
    long version = read.getAsLong();
    add(new Read(key, version, start, System.nanoTime()));
    return version;
  }

  /// Mutates and records; `mutation` writes the source and then tells the cache. One that throws is
  /// recorded as unknown, and the exception passes on.
  Outcome mutate(String key, long version, Supplier<Outcome> mutation) {
    long start = System.nanoTime();
    Outcome outcome = Outcome.UNKNOWN;
    try {
      outcome = mutation.get();
      return outcome;
    } finally {
      add(new Mutation(key, version, start, System.nanoTime(), outcome));
    }
  }

  List<Operation> operations() {
    return List.copyOf(operations);
  }
}
