package io.soilhub.scalability.fleet;

import java.util.concurrent.atomic.AtomicBoolean;

/// One request at one instance, from its choice to its end. [#answered] or [#failed] is called when
/// it is known how the instance did, at most once; [#close] ends it in every case.
public final class Attempt implements AutoCloseable {

  private final Pool pool;
  private final Member member;
  private final long begin;
  private final AtomicBoolean judged = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private boolean failed;
  private long latency;
  private long bytes;

  Attempt(Pool pool, Member member) {
    this.pool = pool;
    this.member = member;
    this.begin = pool.now();
    member.load().begin();
  }

  public Instance instance() {
    return member.instance();
  }

  /// The instance began to answer.
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

  /// The answer's body had so many bytes.
  public void transferred(long count) {
    bytes = count;
  }

  /// Ends the attempt. One that was never judged, because its caller went away, says nothing about
  /// the instance.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      member.load().done();
      member.requests.increment();
      member.bytes.add(bytes);
      if (judged.get()) {
        pool.ended(
            new ForwardListener.Forward(
                pool.service(), member.instance().id(), latency, failed, bytes));
      }
    }
  }

  private void judge(boolean bad, boolean late) {
    if (!judged.compareAndSet(false, true)) {
      return;
    }
    long now = pool.now();
    failed = bad;
    latency = now - begin;
    member.load().observe(latency, bad, now);
    member.limit.observe(latency, member.load().active(), late);
    member.latencyNanos.add(latency);
    if (bad) {
      member.errors.increment();
    }
    pool.observed(member, latency, bad, now);
  }
}
