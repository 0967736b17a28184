package io.soilhub.scalability.gateway;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Two tries of one request of which the first good answer counts. The second begins only when the
/// first takes longer than usual; the one that is not needed is given up.
final class Hedge {

  private static final int GRACE_MILLIS = 1_000;

  private final Executor executor;
  private final Consumer<Try> send;
  private final Deadlines.Deadline deadline;
  private final BlockingQueue<Try> done = new LinkedBlockingQueue<>(2);

  /// @param send sends the request of a try, and returns when the try has come out
  Hedge(Executor executor, Consumer<Try> send, Deadlines.Deadline deadline) {
    this.executor = executor;
    this.send = send;
    this.deadline = deadline;
  }

  /// @param afterNanos without an answer the second begins
  /// @param another the second; empty when there cannot be one
  Try best(Try original, long afterNanos, Supplier<Optional<Try>> another) throws IOException {
    Optional<Try> second = Optional.empty();
    try {
      start(original);
      Try only = done.poll(afterNanos, TimeUnit.NANOSECONDS);
      checkWanted();
      if (only != null) {
        return only;
      }
      second = another.get();
      if (second.isEmpty()) {
        return next();
      }
      start(second.get());
      return better(original, second.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      giveUp(original, second);
      throw new InterruptedIOException("interrupted");
    } catch (IOException | RuntimeException e) {
      giveUp(original, second);
      throw e;
    }
  }

  private Try better(Try original, Try second) throws IOException, InterruptedException {
    Try one = next();
    Try other = one == original ? second : original;
    if (one.isGood()) {
      other.abandon();
      return one;
    }
    next();
    boolean keep = !other.isGood() && one.answer().isPresent();
    (keep ? other : one).close();
    return keep ? one : other;
  }

  private void start(Try started) {
    executor.execute(
        () -> {
          try {
            send.accept(started);
          } catch (RuntimeException e) {
            started.broke(e);
          }
          done.add(started);
        });
  }

  private Try next() throws IOException, InterruptedException {
    Try next = done.poll(deadline.leftMillis() + (long) GRACE_MILLIS, TimeUnit.MILLISECONDS);
    checkWanted();
    if (next == null) {
      throw new TimeUp(null);
    }
    return next;
  }

  /// When the caller leaves, both tries end without an outcome.
  private void checkWanted() throws CallerGone {
    if (deadline.isAbandoned()) {
      throw new CallerGone(null);
    }
  }

  private static void giveUp(Try original, Optional<Try> second) {
    original.abandon();
    second.ifPresent(Try::abandon);
  }
}
