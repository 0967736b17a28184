package io.soilhub.scalability.bench.cache;

import com.sun.management.ThreadMXBean;
import io.soilhub.scalability.bench.cache.CacheSubject.Replica;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Reads keys that a replica holds, as fast as its callers can.
final class HitHarness {

  /// @param nanos a read, of one thread
  /// @param bytes that a read left on the heap
  /// @param perSecond reads of all threads together
  record Sample(double nanos, double bytes, double perSecond) {}

  private static final int KEYS = 1024;
  private static final int BATCH = 1024;

  private final Replica replica;
  private final Source source;
  private final String[] keys = new String[KEYS];
  private final LongAdder consumed = new LongAdder();

  /// Fills the replica. @param prefix of the keys
  HitHarness(Replica replica, Source source, String prefix, int valueBytes) {
    this.replica = replica;
    this.source = source;
    String value = "x".repeat(valueBytes);
    for (int i = 0; i < KEYS; i++) {
      keys[i] = prefix + i;
      replica.write(keys[i], value);
    }
    for (int pass = 0; pass < 3; pass++) {
      for (String key : keys) {
        replica.read(key);
      }
    }
  }

  /// @throws IllegalStateException when a read was no hit
  Sample measure(int threads, long millis) throws InterruptedException {
    long loads = source.loads();
    CountDownLatch start = new CountDownLatch(1);
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Reader reader = new Reader(i * (KEYS / threads), millis, start);
      readers.add(reader);
      reader.start();
    }
    start.countDown();
    for (Reader reader : readers) {
      reader.join();
    }
    if (source.loads() != loads) {
      throw new IllegalStateException(source.loads() - loads + " reads went to the source");
    }
    double reads = readers.stream().mapToLong(r -> r.reads).sum();
    double nanos = readers.stream().mapToLong(r -> r.nanos).sum();
    double bytes = readers.stream().mapToLong(r -> r.bytes).sum();
    double perSecond = readers.stream().mapToDouble(r -> r.reads * 1e9 / r.nanos).sum();
    return new Sample(nanos / reads, bytes / reads, perSecond);
  }

  private final class Reader extends Thread {

    private final int first;
    private final long millis;
    private final CountDownLatch start;
    private long reads;
    private long nanos;
    private long bytes;

    Reader(int first, long millis, CountDownLatch start) {
      this.first = first;
      this.millis = millis;
      this.start = start;
    }

    @Override
    public void run() {
      ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      try {
        start.await();
      } catch (InterruptedException e) {
        return;
      }
      long heap = thread.getCurrentThreadAllocatedBytes();
      long begin = System.nanoTime();
      long end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
      long length = 0;
      do {
        length += batch();
        reads += BATCH;
        nanos = System.nanoTime() - begin;
      } while (begin + nanos < end);
      bytes = thread.getCurrentThreadAllocatedBytes() - heap;
      consumed.add(length);
    }

    private long batch() {
      long length = 0;
      for (int i = 0; i < BATCH; i++) {
        length += replica.read(keys[(first + i) & (KEYS - 1)]).length();
      }
      return length;
    }
  }
}
