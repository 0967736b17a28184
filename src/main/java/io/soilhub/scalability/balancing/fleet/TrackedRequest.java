package io.soilhub.scalability.balancing.fleet;

import java.util.concurrent.atomic.AtomicBoolean;

/// One request at one instance, from its choice to its end. One of [#answered], [#failed] and
/// [#overtaken] is called when it is known how the instance did, at most once; after [#answered]
/// the answer may still break off. [#close] ends it in every case.
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

  /// Nanoseconds until the answer began; 0 before.
  public long latencyNanos() {
    return latency;
  }

  /// The instance began to answer. A good beginning counts when the attempt ends.
  ///
  /// @param ok false for an answer that says that the instance failed (5xx)
  public void answered(boolean ok) {
    judge(!ok, false);
  }

  /// The instance could not be reached, broke off, or did not answer in time.
  ///
  /// @param late whether it was given up on
  public void failed(boolean late) {
    judge(true, late);
  }

  /// The answer broke off after it had begun, by the instance's fault.
  public void brokeOff() {
    if (!judged.get()) {
      failed(false);
    } else if (!failed) {
      endpoint.load().observe(latency, true, pool.now());
      fail();
    }
  }

  /// Another instance was quicker, and this one was asked no further: no failure, but it took at
  /// least so long.
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

  /// So many more bytes of the answer's body were passed on.
  public void transferred(long count) {
    bytes += count;
  }

  /// Ends the attempt. One that was never judged, because its caller went away, says nothing about
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
