package io.soilhub.scalability.balancing.fleet;

import java.util.concurrent.atomic.AtomicBoolean;

/// One request at one instance, as the instance's statistics count it, from the choice of the
/// instance to the end. One of [#answered], [#failed] and [#overtaken] is called when the outcome
/// is known, at most once; after [#answered] the response may still break off. [#close] ends it in
/// every case.
public final class TrackedRequest implements AutoCloseable {

  private final Pool pool;
  private final Endpoint endpoint;
  private final long begin;
  private final AtomicBoolean judged = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private boolean failed;
  private boolean overtaken;
  private long latency;
  private long bytes;

  TrackedRequest(Pool pool, Endpoint endpoint) {
    this.pool = pool;
    this.endpoint = endpoint;
    this.begin = pool.now();
    endpoint.load().begin();
  }

  public Instance instance() {
    return endpoint.instance();
  }

  /// Nanoseconds until the response began; 0 before.
  public long latencyNanos() {
    return latency;
  }

  /// The response began. A good beginning counts when the request ends.
  ///
  /// @param ok false for a status that says that the instance failed (5xx)
  public void answered(boolean ok) {
    judge(!ok, false);
  }

  /// The instance could not be reached, broke off, or did not respond in time.
  ///
  /// @param late whether it was too late
  public void failed(boolean late) {
    judge(true, late);
  }

  /// The response broke off after it had begun, by the instance's failure.
  public void brokeOff() {
    if (!judged.get()) {
      failed(false);
    } else if (!failed) {
      endpoint.load().observe(latency, true, pool.now());
      fail();
    }
  }

  /// Another instance was faster, and this one was given up: not a failure, but it took at least so
  /// long.
  public void overtaken() {
    if (judged.compareAndSet(false, true)) {
      long now = pool.now();
      overtaken = true;
      latency = now - begin;
      if (latency > endpoint.load().latencyMs(now) * 1e6) {
        endpoint.load().observe(latency, false, now);
      }
      endpoint.latencyNanos.add(latency);
    }
  }

  /// Adds bytes of the response's body that were relayed.
  public void transferred(long count) {
    bytes += count;
  }

  /// Ends the request. One without an outcome, because its client disconnected, says nothing about
  /// the instance.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      endpoint.load().done();
      endpoint.requests.increment();
      endpoint.bytes.add(bytes);
      if (judged.get()) {
        if (!failed && !overtaken) {
          pool.observed(endpoint, latency, false, pool.now());
        }
        pool.ended(
            new ForwardListener.Forward(
                pool.service(), endpoint.instance().id(), latency, failed, bytes));
      }
    }
  }

  private void judge(boolean bad, boolean late) {
    if (!judged.compareAndSet(false, true)) {
      return;
    }
    long now = pool.now();
    latency = now - begin;
    endpoint.load().observe(latency, bad, now);
    endpoint.limit.observe(latency, endpoint.load().active(), late);
    endpoint.latencyNanos.add(latency);
    if (bad) {
      fail();
    }
  }

  private void fail() {
    failed = true;
    endpoint.errors.increment();
    pool.observed(endpoint, latency, true, pool.now());
  }
}
