package io.soilhub.scalability.gateway.proxy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Two attempts at one request, of which the first good response counts. The second begins only
/// when the first takes longer than usual; the one that is not needed is given up.
final class HedgedRequest {

  private static final int GRACE_MILLIS = 1_000;

  private final Executor executor;
  private final Consumer<UpstreamAttempt> send;
  private final Deadlines.Deadline deadline;
  private final BlockingQueue<UpstreamAttempt> done = new LinkedBlockingQueue<>(2);

  /// @param send sends the request of an attempt, and returns when its outcome is known
  HedgedRequest(Executor executor, Consumer<UpstreamAttempt> send, Deadlines.Deadline deadline) {
    this.executor = executor;
    this.send = send;
    this.deadline = deadline;
  }

  /// @param afterNanos without a response the second attempt begins
  /// @param another the second attempt; empty when there cannot be one
  UpstreamAttempt best(
      UpstreamAttempt original, long afterNanos, Supplier<Optional<UpstreamAttempt>> another)
      throws IOException {
    Optional<UpstreamAttempt> second = Optional.empty();
    try {
      start(original);
      UpstreamAttempt only = done.poll(afterNanos, TimeUnit.NANOSECONDS);
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

  private UpstreamAttempt better(UpstreamAttempt original, UpstreamAttempt second)
      throws IOException, InterruptedException {
    UpstreamAttempt one = next();
    UpstreamAttempt other = one == original ? second : original;
    if (one.isGood()) {
      other.abandon();
      return one;
    }
    next();
    boolean keep = !other.isGood() && one.response().isPresent();
    (keep ? other : one).close();
    return keep ? one : other;
  }

  private void start(UpstreamAttempt started) {
    executor.execute(
        () -> {
          try {
            send.accept(started);
          } catch (RuntimeException e) {
            started.fail(e);
          }
          done.add(started);
        });
  }

  private UpstreamAttempt next() throws IOException, InterruptedException {
    UpstreamAttempt next =
        done.poll(deadline.leftMillis() + (long) GRACE_MILLIS, TimeUnit.MILLISECONDS);
    checkWanted();
    if (next == null) {
      throw new DeadlineExceeded(null);
    }
    return next;
  }

  /// When the client disconnects, both attempts end without an outcome.
  private void checkWanted() throws ClientDisconnected {
    if (deadline.isAbandoned()) {
      throw new ClientDisconnected(null);
    }
  }

  private static void giveUp(UpstreamAttempt original, Optional<UpstreamAttempt> second) {
    original.abandon();
    second.ifPresent(UpstreamAttempt::abandon);
  }
}
