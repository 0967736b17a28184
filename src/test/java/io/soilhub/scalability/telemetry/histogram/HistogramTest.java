package io.soilhub.scalability.telemetry.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {

  @Test
  void nothingIsLostBetweenThreads() throws InterruptedException {
    Histogram histogram = new Histogram();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Random random = new Random(t);
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 50_000; i++) {
                      histogram.record(1 + random.nextInt(1 << 20));
                    }
                  }));
    }
    for (Thread thread : threads) {
      assertThat(thread.join(java.time.Duration.ofSeconds(60))).isTrue();
    }
    HistogramSnapshot all = histogram.histogramSnapshot();
    assertThat(all.count()).isEqualTo(200_000);
    assertThat(all.average()).isCloseTo(1 << 19, within(5e3));
    assertThat(all.max()).isBetween(1e6, 0x1p20);
    assertThat(all.min()).isBetween(1.0, 100.0);
  }

  @Test
  void aRecordAllocatesNothingOnceItsOctaveWasSeen() {
    Histogram histogram = new Histogram();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().threadId();
    long before = 0;
    // The first rounds make the pages; the last one is what is looked at.
    for (int round = 0; round < 5; round++) {
      before = threads.getThreadAllocatedBytes(id);
      for (int i = 1; i <= 100_000; i++) {
        histogram.record(i);
      }
    }
    assertThat(threads.getThreadAllocatedBytes(id) - before).isLessThan(10_000);
  }
}
