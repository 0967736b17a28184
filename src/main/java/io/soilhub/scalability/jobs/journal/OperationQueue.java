package io.soilhub.scalability.jobs.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// Operations that wait to be written, given out in groups of bounded size.
///
/// Submissions are bounded in number and bytes, which is the back-pressure of the whole engine.
/// Claims and settlements are bounded by whoever makes them, and never refused for being many: a
/// settlement that was would leave its job to be taken for a crashed one.
final class OperationQueue {

  private static final int MOST_OPERATIONS = 512;
  private static final int MOST_ROWS = 2000;
  private static final long MOST_BYTES = 4 << 20;
  private static final int MANY = 16;

  private final int capacity;
  private final long byteCapacity;
  private final BlockingQueue<JournalOperation> waiting = new LinkedBlockingQueue<>();
  private final Semaphore crowded = new Semaphore(0);

  /// Payloads of submissions that are not answered yet, waiting or being written.
  private final AtomicLong submittedBytes = new AtomicLong();

  /// @param capacity operations that may wait before submissions are refused
  /// @param byteCapacity payloads that may, in bytes
  OperationQueue(int capacity, long byteCapacity) {
    this.capacity = capacity;
    this.byteCapacity = byteCapacity;
  }

  /// @return false when a submission is too much; a lone one never is, however large
  boolean offer(JournalOperation operation) {
    if (operation instanceof JournalOperation.Submit submit && !admits(submit)) {
      return false;
    }
    waiting.add(operation);
    if (waiting.size() >= MANY && crowded.availablePermits() == 0) {
      crowded.release();
    }
    return true;
  }

  private boolean admits(JournalOperation.Submit submit) {
    if (waiting.size() >= capacity || submittedBytes.get() >= byteCapacity) {
      return false;
    }
    long bytes = submit.bytes();
    submittedBytes.addAndGet(bytes);
    var _ = submit.answer().whenComplete((_, _) -> submittedBytes.addAndGet(-bytes));
    return true;
  }

  boolean remove(JournalOperation operation) {
    return waiting.remove(operation);
  }

  /// Takes out all that match.
  List<JournalOperation> removeAll(Predicate<JournalOperation> matching) {
    List<JournalOperation> removed = new ArrayList<>();
    waiting.removeIf(operation -> matching.test(operation) && removed.add(operation));
    return removed;
  }

  /// The next group, as soon as there is an operation.
  ///
  /// @return empty when there is none within `longest`
  List<JournalOperation> next(Duration longest) throws InterruptedException {
    return group(waiting.poll(longest.toMillis(), TimeUnit.MILLISECONDS));
  }

  /// The next group, once many wait, or of what is still there after `moment`.
  List<JournalOperation> nextLate(Duration moment) throws InterruptedException {
    if (crowded.tryAcquire(moment.toMillis(), TimeUnit.MILLISECONDS)) {
      crowded.drainPermits();
    }
    return group(waiting.poll());
  }

  private List<JournalOperation> group(JournalOperation head) {
    List<JournalOperation> group = new ArrayList<>();
    int rows = 0;
    long bytes = 0;
    JournalOperation next = head;
    while (next != null) {
      group.add(next);
      rows += next.size();
      bytes += next.bytes();
      boolean room = rows < MOST_ROWS && bytes < MOST_BYTES && group.size() < MOST_OPERATIONS;
      next = room ? waiting.poll() : null;
    }
    return group;
  }
}
