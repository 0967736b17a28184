package io.soilhub.scalability.bench.cache;

import io.soilhub.scalability.bench.cache.CacheSubject.Replica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;

/// Many threads on two replicas ask at once for a key that nobody holds; its source takes a while.
final class StampedeHarness {

  private static final Duration LATENCY = Duration.ofMillis(50);

  private final List<Replica> replicas;
  private final Source source;

  StampedeHarness(List<Replica> replicas, Source source) {
    this.replicas = replicas;
    this.source = source;
  }

  /// @param threads on each replica
  /// @return loads a key; 1 is the least
  double measure(int threads, int keys, int run) throws InterruptedException {
    for (int k = 0; k < keys; k++) {
      source.store(key(run, k), "value");
    }
    source.latency(LATENCY);
    long before = source.loads();
    CyclicBarrier barrier = new CyclicBarrier(threads * replicas.size());
    List<Thread> all = new ArrayList<>();
    for (Replica replica : replicas) {
      for (int i = 0; i < threads; i++) {
        all.add(Thread.ofPlatform().start(() -> read(replica, keys, run, barrier)));
      }
    }
    for (Thread thread : all) {
      thread.join();
    }
    source.latency(Duration.ZERO);
    return (source.loads() - before) / (double) keys;
  }

  private static void read(Replica replica, int keys, int run, CyclicBarrier barrier) {
    try {
      for (int k = 0; k < keys; k++) {
        barrier.await();
        if (!"value".equals(replica.read(key(run, k)))) {
          throw new IllegalStateException("another value");
        }
      }
    } catch (Exception e) {
      barrier.reset();
      throw new IllegalStateException(e);
    }
  }

  private static String key(int run, int number) {
    return "stampede:" + run + ":" + number;
  }
}
