package io.soilhub.scalability.platform.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {

  @Test
  void nothingThatAStepThrowsEndsTheTask() throws InterruptedException {
    CountDownLatch steps = new CountDownLatch(4);
    Runnable step =
        () -> {
          steps.countDown();
          switch ((int) steps.getCount()) {
            case 3 -> throw new IllegalStateException("on purpose");
            case 2 -> throw Problem.internal();
            case 1 -> throw new AssertionError("on purpose");
            default -> {}
          }
        };
    try (PeriodicTask _ = PeriodicTask.every(Duration.ofMillis(1), "test", step)) {
      assertThat(steps.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
