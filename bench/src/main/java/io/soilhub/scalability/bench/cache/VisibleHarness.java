package io.soilhub.scalability.bench.cache;

import io.soilhub.scalability.bench.cache.CacheSubject.Replica;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// How long after a write began on one replica does another read it, having held the value before;
/// and how long did the writer wait.
final class VisibleHarness {

  /// @param p50 microseconds from the write's beginning until another replica reads it
  /// @param p99 the same
  /// @param callP50 microseconds of the writer's call
  /// @param never writes that were not seen within the patience
  record Sample(double p50, double p99, double callP50, int never) {}

  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long PAUSE_NANOS = 10_000;

  private final Replica writer;
  private final Replica reader;

  VisibleHarness(Replica writer, Replica reader) {
    this.writer = writer;
    this.reader = reader;
  }

  Sample measure(int times) throws InterruptedException {
    Histogram visible = new Histogram(PATIENCE_NANOS * 2, 3);
    Histogram calls = new Histogram(PATIENCE_NANOS * 20, 3);
    int never = 0;
    for (int i = 0; i < times; i++) {
      String key = "visible:" + (i % 16);
      String value = "new" + i;
      writer.write(key, "old" + i);
      hold(key, "old" + i);
      long begin = System.nanoTime();
      long[] seen = new long[1];
      Thread watcher = Thread.ofPlatform().start(() -> seen[0] = watch(key, value, begin));
      writer.write(key, value);
      calls.recordValue(System.nanoTime() - begin);
      watcher.join();
      if (seen[0] > PATIENCE_NANOS) {
        never++;
      }
      visible.recordValue(seen[0]);
    }
    return new Sample(
        visible.getValueAtPercentile(50) / 1e3,
        visible.getValueAtPercentile(99) / 1e3,
        calls.getValueAtPercentile(50) / 1e3,
        never);
  }

  /// Has the other replica hold the value in its first level.
  private void hold(String key, String value) {
    long begin = System.nanoTime();
    while (!value.equals(reader.read(key)) && System.nanoTime() - begin < PATIENCE_NANOS) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    reader.read(key);
    reader.read(key);
  }

  private long watch(String key, String value, long begin) {
    long waited = 0;
    while (!value.equals(reader.read(key)) && waited <= PATIENCE_NANOS) {
      LockSupport.parkNanos(PAUSE_NANOS);
      waited = System.nanoTime() - begin;
    }
    return waited > PATIENCE_NANOS ? waited : System.nanoTime() - begin;
  }
}
