package io.soilhub.scalability.jobs.queue;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/// Tells Redis about work that is written down elsewhere, many ids a call. It promises nothing:
/// what it cannot deliver, or has no room for, it drops and remembers that something is missing,
/// and whoever owns the truth adds it again.
public final class EnqueueBuffer implements AutoCloseable {

  private static final Logger LOG = System.getLogger(EnqueueBuffer.class.getName());
  private static final int CAPACITY = 20_000;
  private static final int MOST_AT_ONCE = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private record Announcement(LeaseQueue queue, DelayedEntry due) {}

  private final BlockingQueue<Announcement> waiting = new ArrayBlockingQueue<>(CAPACITY);
  private final Thread thread;
  private volatile boolean missing;
  private volatile boolean open = true;

  public EnqueueBuffer(ThreadFactory threads) {
    this.thread = threads.newThread(this::loop);
    this.thread.start();
  }

  /// Returns at once.
  public void announce(LeaseQueue queue, DelayedEntry delayedEntry) {
    if (!waiting.offer(new Announcement(queue, delayedEntry))) {
      missing = true;
    }
  }

  /// Whether something was dropped since the last call.
  public boolean takeMissing() {
    boolean was = missing;
    missing = false;
    return was;
  }

  /// Says again that something is missing, when it could not be made up for.
  public void stillMissing() {
    missing = true;
  }

  /// Delivers what is waiting, for a few seconds at most, and stops.
  @Override
  public void close() {
    open = false;
    try {
      if (thread.join(PATIENCE)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    LOG.log(Level.WARNING, "{0} jobs wait in the journal to be found there", waiting.size());
  }

  private void loop() {
    List<Announcement> batch = new ArrayList<>();
    while (open || !waiting.isEmpty()) {
      try {
        Announcement first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, MOST_AT_ONCE - 1);
          deliver(batch);
          batch.clear();
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "announcing goes on after an unexpected failure", e);
        missing = true;
        batch.clear();
      }
    }
  }

  private void deliver(List<Announcement> batch) {
    Map<LeaseQueue, List<DelayedEntry>> byQueue = new HashMap<>();
    batch.forEach(a -> byQueue.computeIfAbsent(a.queue(), _ -> new ArrayList<>()).add(a.due()));
    byQueue.forEach(
        (queue, due) -> {
          try {
            queue.add(due);
          } catch (QueueUnavailable e) {
            missing = true;
            LOG.log(
                Level.WARNING,
                "{0} jobs of queue {1} wait in the journal: {2}",
                due.size(),
                queue.name(),
                e.getMessage());
          }
        });
  }
}
