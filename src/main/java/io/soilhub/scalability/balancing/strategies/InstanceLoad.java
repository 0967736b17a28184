package io.soilhub.scalability.balancing.strategies;

import io.soilhub.scalability.platform.core.Hashing;
import java.util.concurrent.atomic.AtomicInteger;

/// What one replica knows of the load of one target. It outlives changes of the fleet, so that a
/// target keeps its history when it is registered again.
public final class InstanceLoad {

  /// Expected by a target that was asked and has not answered yet, in milliseconds: it is asked
  /// once and no more until then.
  private static final double UNKNOWN_MS = 60_000;

  private final String id;
  private final long hash;
  private final AtomicInteger active = new AtomicInteger();
  private final PeakEwma latency = new PeakEwma();

  /// Credit in smooth weighted round robin; guarded by the strategy's lock.
  private double credit;

  public InstanceLoad(String id) {
    this.id = id;
    this.hash = Hashing.hash(id);
  }

  public String id() {
    return id;
  }

  /// Requests under way from this replica.
  public int active() {
    return active.get();
  }

  /// Milliseconds to expect; 0 without history.
  public double latencyMs(long now) {
    return latency.value(now);
  }

  public void begin() {
    active.incrementAndGet();
  }

  /// Notes how long an answer took to begin.
  ///
  /// @param failed whether the target failed; its latency then counts as a long one
  public void observe(long latencyNanos, boolean failed, long now) {
    if (failed) {
      latency.failure(latencyNanos, now);
    } else {
      latency.success(latencyNanos, now);
    }
  }

  /// Ends what [#begin] began.
  public void done() {
    active.decrementAndGet();
  }

  long hash() {
    return hash;
  }

  /// Expected wait: latency times the requests ahead and this one.
  double expectedWait(long now) {
    int ahead = active.get();
    double each = latency.value(now);
    return each == 0 && ahead > 0 ? UNKNOWN_MS + ahead : each * (ahead + 1);
  }

  double credit() {
    return credit;
  }

  void credit(double value) {
    credit = value;
  }
}
