package io.soilhub.scalability.platform.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Calls one public step of a plain class again and again on a daemon thread of its own, until
/// closed. All logic stays in the step, which a test calls by hand; a step that throws is logged
/// and called again after the same pause, whatever it throws: a heartbeat that ended for good would
/// be missed by nobody until its leases run out. Out of memory ends the process (jvm.options).
public final class PeriodicTask implements AutoCloseable {

  private static final Logger LOG = System.getLogger(PeriodicTask.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String name;
  private final Duration pause;
  private final Runnable step;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private PeriodicTask(String name, Duration pause, Runnable step) {
    this.name = name;
    this.pause = pause;
    this.step = step;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  /// @param pause from the end of one step to the start of the next
  public static PeriodicTask every(Duration pause, String name, Runnable step) {
    PeriodicTask task = new PeriodicTask(name, pause, step);
    task.thread.start();
    return task;
  }

  /// Lets the running step end, interrupts it, and waits for it no longer than five seconds.
  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      do {
        runStep();
      } while (!closed.await(pause.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException _) {
      // closed
    }
  }

  private void runStep() {
    try {
      step.run();
    } catch (Problem e) {
      LOG.log(Level.WARNING, "{0}: {1}", name, e.getMessage());
    } catch (RuntimeException | Error e) {
      if (closed.getCount() > 0) {
        LOG.log(Level.ERROR, name + " failed and goes on", e);
      }
    }
  }
}
