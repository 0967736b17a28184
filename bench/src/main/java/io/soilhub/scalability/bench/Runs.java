package io.soilhub.scalability.bench;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// Counts inside a subject how often each job was run, and when the first one began.
final class Runs {

  private final AtomicIntegerArray perJob;
  private final AtomicLongArray latencies;
  private final AtomicInteger total = new AtomicInteger();
  private final AtomicLong firstNanos = new AtomicLong();
  private final CountDownLatch allRun;

  Runs(int jobs) {
    this.perJob = new AtomicIntegerArray(jobs);
    this.latencies = new AtomicLongArray(jobs);
    this.allRun = new CountDownLatch(jobs);
  }

  void began(JobPayload job) {
    if (job.due() > 0) {
      latencies.compareAndSet(job.number(), 0, Math.max(1, epochMicros() - job.due()));
    } else if (firstNanos.get() == 0) {
      firstNanos.compareAndSet(0, System.nanoTime());
    }
    total.incrementAndGet();
    if (perJob.getAndIncrement(job.number()) == 0) {
      allRun.countDown();
    }
  }

  /// @throws IllegalStateException when not every job was run once `seconds` have passed
  void awaitAll(int seconds) throws InterruptedException {
    if (!allRun.await(seconds, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "%d of %d jobs not run within %d s"
              .formatted(allRun.getCount(), perJob.length(), seconds));
    }
  }

  double secondsSinceFirst() {
    return (System.nanoTime() - firstNanos.get()) / 1e9;
  }

  int total() {
    return total.get();
  }

  int distinct() {
    return perJob.length() - (int) allRun.getCount();
  }

  /// Microseconds from the intended submission to the begin of the first run, by job.
  long[] latencies() {
    long[] result = new long[latencies.length()];
    for (int i = 0; i < result.length; i++) {
      result[i] = latencies.get(i);
    }
    return result;
  }

  static long epochMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
