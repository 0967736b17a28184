package io.soilhub.scalability.balancing.fleet;

import io.soilhub.scalability.balancing.strategies.InstanceLoad;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;

/// One instance with all that this replica knows of it. The object stays the same as long as the
/// instance's id is remembered.
public final class Endpoint {

  /// Requests and what became of them.
  public record Totals(long requests, long errors, long bytes) {

    public static final Totals NONE = new Totals(0, 0, 0);

    public Totals plus(Totals other) {
      return new Totals(requests + other.requests, errors + other.errors, bytes + other.bytes);
    }

    public Totals minus(Totals other) {
      return new Totals(requests - other.requests, errors - other.errors, bytes - other.bytes);
    }
  }

  /// What all replicas have handed over, as of the last look, and what this one has. Both change in
  /// one step: a reader between two would miss requests.
  private record Ledger(Totals shared, Totals own) {}

  final LongAdder requests = new LongAdder();
  final LongAdder errors = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder latencyNanos = new LongAdder();
  final ConcurrencyLimit limit = new ConcurrencyLimit();
  private final InstanceLoad load;
  private final AtomicReference<Ejection> ejection = new AtomicReference<>(Ejection.NONE);
  private volatile Instance instance;
  private volatile HealthCheckResult healthCheckResult = HealthCheckResult.NONE;
  private volatile long usableSince;
  private volatile int activeElsewhere;

  private final AtomicReference<Ledger> ledger =
      new AtomicReference<>(new Ledger(Totals.NONE, Totals.NONE));

  Endpoint(Instance instance, long now) {
    this.instance = instance;
    this.load = new InstanceLoad(instance.id());
    this.usableSince = now;
  }

  public Instance instance() {
    return instance;
  }

  public InstanceLoad load() {
    return load;
  }

  public HealthCheckResult healthCheckResult() {
    return healthCheckResult;
  }

  /// Health with everything taken together, as of `now` on the replica's ticker.
  public Health health(long now) {
    if (isDraining()) {
      return Health.DRAINING;
    }
    return ejection.get().holds(now) ? Health.EJECTED : healthCheckResult.health();
  }

  /// Whether it is being removed.
  boolean isDraining() {
    return instance.drainUntil().isPresent();
  }

  /// Whether its probes say nothing against it.
  boolean isAlive() {
    return healthCheckResult.health() != Health.UNHEALTHY;
  }

  public Optional<String> ejectionReason(long now) {
    return ejection.get().reason(now);
  }

  /// Requests under way from all replicas.
  public int active() {
    return load.active() + activeElsewhere;
  }

  /// What this replica has counted since it started.
  public Totals counted() {
    return new Totals(requests.sum(), errors.sum(), bytes.sum());
  }

  /// Of all replicas, what this one has not handed over yet included.
  public Totals totals() {
    Ledger now = ledger.get();
    return now.shared().plus(counted().minus(now.own()));
  }

  /// What is to be handed over.
  public Totals unflushed() {
    return counted().minus(ledger.get().own());
  }

  /// `delta` has been handed over.
  public void flushed(Totals delta) {
    ledger.updateAndGet(was -> new Ledger(was.shared().plus(delta), was.own().plus(delta)));
  }

  /// The sum of what all replicas have handed over.
  public void shared(Totals sum) {
    ledger.updateAndGet(was -> new Ledger(sum, was.own()));
  }

  void activeElsewhere(int count) {
    activeElsewhere = count;
  }

  void update(Instance current) {
    instance = current;
  }

  void judge(HealthCheckResult now) {
    healthCheckResult = now;
  }

  /// Starts the slow start anew.
  void newcomer(long now) {
    usableSince = now;
  }

  /// Share of its weight that it may have yet, 0.1 to 1.
  double ramp(long windowNanos, long now) {
    long elapsed = now - usableSince;
    return elapsed >= windowNanos ? 1 : Math.max(0.1, (double) elapsed / windowNanos);
  }

  Ejection ejection() {
    return ejection.get();
  }

  Ejection ejection(UnaryOperator<Ejection> change) {
    return ejection.updateAndGet(change);
  }

  OutlierDetector.Window window() {
    return new OutlierDetector.Window(
        instance.id(), requests.sum(), errors.sum(), latencyNanos.sum());
  }
}
