package io.soilhub.scalability.bench.cache;

import io.soilhub.scalability.bench.cache.CacheSubject.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Reads keys that only Redis holds, each thread one after the other.
final class FarHarness {

  /// @param p50 microseconds of a read
  /// @param p99 microseconds of a read
  /// @param perSecond reads of all threads together
  record Sample(double p50, double p99, double perSecond) {}

  private static final int KEYS = 1024;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Replica replica;
  private final Source source;
  private final String[] keys = new String[KEYS];

  FarHarness(Replica replica, Source source, int valueBytes) {
    this.replica = replica;
    this.source = source;
    String value = "x".repeat(valueBytes);
    for (int i = 0; i < KEYS; i++) {
      keys[i] = "far:" + i;
      replica.write(keys[i], value);
      replica.read(keys[i]);
    }
  }

  /// @throws IllegalStateException when a read was no hit
  Sample measure(int threads, long millis) throws InterruptedException {
    long loads = source.loads();
    Histogram all = new Histogram(LONGEST_NANOS, 3);
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      readers.add(Thread.ofPlatform().start(() -> read(millis, start, all)));
    }
    long begin = System.nanoTime();
    start.countDown();
    for (Thread reader : readers) {
      reader.join();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (source.loads() != loads) {
      throw new IllegalStateException(source.loads() - loads + " reads went to the source");
    }
    return new Sample(
        all.getValueAtPercentile(50) / 1e3,
        all.getValueAtPercentile(99) / 1e3,
        all.getTotalCount() / seconds);
  }

  private void read(long millis, CountDownLatch start, Histogram all) {
    Histogram own = new Histogram(LONGEST_NANOS, 3);
    try {
      start.await();
    } catch (InterruptedException e) {
      return;
    }
    long now = System.nanoTime();
    long end = now + TimeUnit.MILLISECONDS.toNanos(millis);
    while (now < end) {
      String value = replica.read(keys[ThreadLocalRandom.current().nextInt(KEYS)]);
      long after = System.nanoTime();
      if (value == null) {
        throw new IllegalStateException("a key is gone");
      }
      own.recordValue(Math.min(LONGEST_NANOS, after - now));
      now = after;
    }
    synchronized (all) {
      all.add(own);
    }
  }
}
