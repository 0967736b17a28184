package io.soilhub.scalability.bench.cache;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// What is cached: the truth, common to all replicas of a system, that takes its time to answer. It
/// answers with what it held when it was asked, like a query that sees a snapshot.
final class Source {

  private final Map<String, String> values = new ConcurrentHashMap<>();
  private final LongAdder loads = new LongAdder();
  private volatile long latencyNanos;

  void latency(Duration latency) {
    latencyNanos = latency.toNanos();
  }

  void store(String key, String value) {
    values.put(key, value);
  }

  /// The value, null when there is none.
  String load(String key) {
    loads.increment();
    String value = values.get(key);
    long due = System.nanoTime() + latencyNanos;
    for (long wait = latencyNanos; wait > 0; wait = due - System.nanoTime()) {
      LockSupport.parkNanos(wait);
    }
    return value;
  }

  /// How often it was asked.
  long loads() {
    return loads.sum();
  }
}
