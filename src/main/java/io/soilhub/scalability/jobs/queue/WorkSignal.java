package io.soilhub.scalability.jobs.queue;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/// Lets an idle node wait for work of one queue: for a signal of its own, or for the token that
/// other nodes leave in Redis. The token says only that looking is worth it; a node that dies with
/// one in its hand loses nothing, because everybody looks once a second anyway.
///
/// The blocking read has a thread and a connection of its own and is made only while the node is
/// idle, so that a busy node takes no token from an idle one.
public final class WorkSignal implements AutoCloseable {

  private static final Logger LOG = System.getLogger(WorkSignal.class.getName());
  static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

  private final UnifiedJedis blocking;
  private final String key;
  private final Semaphore signals = new Semaphore(0);
  private final Semaphore idle = new Semaphore(0);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread listener;
  private volatile boolean waiting;

  /// @param blocking a client whose socket waits longer than [#LONGEST_WAIT]
  WorkSignal(UnifiedJedis blocking, LeaseQueue queue, ThreadFactory threads) {
    this.blocking = blocking;
    this.key = queue.wakeKey();
    this.listener = threads.newThread(this::listen);
    this.listener.start();
  }

  /// Wakes this node.
  public void signal() {
    if (signals.availablePermits() == 0) {
      signals.release();
    }
  }

  /// Waits for a signal of this node only, for at most `longest`.
  ///
  /// @return whether there was one
  public boolean await(Duration longest) throws InterruptedException {
    long millis = Math.min(longest.toMillis(), LONGEST_WAIT.toMillis());
    boolean signalled = signals.tryAcquire(Math.max(1, millis), TimeUnit.MILLISECONDS);
    signals.drainPermits();
    return signalled;
  }

  /// Waits for a signal of any node, for at most `longest`.
  public void awaitWork(Duration longest) throws InterruptedException {
    waiting = true;
    if (idle.availablePermits() == 0) {
      idle.release();
    }
    try {
      await(longest);
    } finally {
      waiting = false;
    }
  }

  @Override
  public void close() {
    closed.countDown();
    listener.interrupt();
    signal();
  }

  private void listen() {
    while (closed.getCount() > 0) {
      try {
        if (idle.tryAcquire(1, TimeUnit.SECONDS) && waiting) {
          listenOnce();
        }
      } catch (InterruptedException _) {
        return;
      } catch (JedisException e) {
        LOG.log(Level.DEBUG, "waiting for work failed: {0}", e.getMessage());
        pause();
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "waiting for work goes on after an unexpected failure", e);
        pause();
      }
    }
  }

  private void listenOnce() {
    boolean token = blocking.blpop(LONGEST_WAIT.toMillis() / 1000.0, key) != null;
    if (token && waiting) {
      signal();
    } else if (token) {
      blocking.lpush(key, "1");
    } else if (waiting) {
      idle.release();
    }
  }

  private void pause() {
    try {
      closed.await(AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      closed.countDown();
    }
  }
}
