package io.soilhub.scalability.platform.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeriodicTasksTest {

  private static final Duration PAUSE = Duration.ofMillis(1);

  private final PeriodicTasks tasks = new PeriodicTasks();

  @Test
  void aSlowTaskDelaysNoOther() throws InterruptedException {
    CountDownLatch steps = new CountDownLatch(3);
    CountDownLatch over = new CountDownLatch(1);
    tasks.every(PAUSE, "slow", () -> await(over));
    tasks.every(PAUSE, "quick", steps::countDown);
    assertThat(steps.await(20, TimeUnit.SECONDS)).isTrue();
    over.countDown();
    tasks.close();
  }

  @Test
  void noStepIsTakenWhileTheConditionDoesNotHold() throws InterruptedException {
    AtomicBoolean leads = new AtomicBoolean();
    AtomicInteger early = new AtomicInteger();
    CountDownLatch asked = new CountDownLatch(5);
    CountDownLatch steps = new CountDownLatch(2);
    tasks.everyWhile(
        () -> {
          asked.countDown();
          return leads.get();
        },
        PAUSE,
        "leader",
        () -> {
          if (!leads.get()) {
            early.incrementAndGet();
          }
          steps.countDown();
        });
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(steps.getCount()).isEqualTo(2);
    leads.set(true);
    assertThat(steps.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(early).hasValue(0);
    tasks.close();
  }

  @Test
  void nothingRunsAfterTheClose() throws InterruptedException {
    AtomicInteger steps = new AtomicInteger();
    CountDownLatch began = new CountDownLatch(2);
    for (String name : new String[] {"periodic-one", "periodic-two"}) {
      tasks.every(
          PAUSE,
          name,
          () -> {
            steps.incrementAndGet();
            began.countDown();
          });
    }
    assertThat(began.await(20, TimeUnit.SECONDS)).isTrue();
    tasks.close();
    int last = steps.get();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.isAlive() && thread.getName().matches("periodic-(one|two)"));
    assertThat(steps).hasValue(last);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
