package io.soilhub.scalability.balancing.healthcheck;

import io.soilhub.scalability.balancing.fleet.Endpoint;
import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.fleet.Health;
import io.soilhub.scalability.balancing.fleet.HealthCheckResult;
import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.platform.core.RendezvousHash;
import io.soilhub.scalability.platform.core.Ticker;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/// Probes this replica's share of the instances, tells the others, and takes over what they found.
final class HealthChecker {

  /// Asks an instance for its health.
  @FunctionalInterface
  interface Probe {
    /// @throws IOException when the instance does not answer as it should
    void call(InstanceSpec instanceSpec) throws IOException;
  }

  /// What the prober takes from outside.
  ///
  /// @param executor a thread for each probe, for instance virtual ones
  record Outside(Clock clock, Ticker ticker, RandomGenerator random, Executor executor) {}

  /// When the next probe of an instance is due and what the last ones showed.
  private record Planned(InstanceSpec target, ProbeState state, long due, boolean running) {}

  private static final Logger LOG = System.getLogger(HealthChecker.class.getName());

  private final Fleet fleet;
  private final String node;
  private final ReplicaReports board;
  private final Probe probe;
  private final HealthCheckSettings settings;
  private final Outside outside;
  private final Map<String, Planned> plan = new ConcurrentHashMap<>();

  HealthChecker(
      Fleet fleet,
      String node,
      ReplicaReports board,
      Probe probe,
      HealthCheckSettings settings,
      Outside outside) {
    this.fleet = fleet;
    this.node = node;
    this.board = board;
    this.probe = probe;
    this.settings = settings;
    this.outside = outside;
  }

  /// Exchanges bulletins and starts the probes that are due. Called every second or so; it waits
  /// for the board and for no probe.
  public void step() {
    Map<String, ReplicaReport> others = board.exchange(replicaReport());
    Map<String, Integer> active = new HashMap<>();
    others.values().forEach(b -> b.active().forEach((id, n) -> active.merge(id, n, Integer::sum)));
    fleet.elsewhere(active);
    RendezvousHash<String> replicas = replicas(node, others.keySet());
    Set<String> owned = new HashSet<>();
    for (Endpoint endpoint : fleet.members()) {
      Instance instance = endpoint.instance();
      if (replicas.owner(instance.id()).equals(node)) {
        owned.add(instance.id());
        probeIfDue(endpoint);
      }
    }
    plan.keySet().retainAll(owned);
    for (ReplicaReport replicaReport : others.values()) {
      replicaReport
          .verdicts()
          .forEach(
              (id, healthCheckResult) -> {
                if (!owned.contains(id)) {
                  fleet.judge(id, healthCheckResult);
                }
              });
    }
  }

  /// Which replica probes which instance: replicas that see the same others agree without talking.
  static RendezvousHash<String> replicas(String node, Set<String> others) {
    Set<String> all = new TreeSet<>(others);
    all.add(node);
    List<String> names = List.copyOf(all);
    return new RendezvousHash<>(names, names);
  }

  /// Leaves the board, so that the others take over at once.
  public void stop() {
    board.withdraw();
  }

  private ReplicaReport replicaReport() {
    Map<String, Integer> active = new HashMap<>();
    for (Endpoint endpoint : fleet.remembered()) {
      int count = endpoint.load().active();
      if (count > 0) {
        active.put(endpoint.instance().id(), count);
      }
    }
    Map<String, HealthCheckResult> verdicts = new HashMap<>();
    plan.forEach(
        (id, planned) -> {
          if (planned.state().verdict().health() != Health.UNKNOWN) {
            verdicts.put(id, planned.state().verdict());
          }
        });
    return new ReplicaReport(active, verdicts);
  }

  /// An instance that comes over from another replica keeps its verdict; a new one is probed at
  /// once.
  private void probeIfDue(Endpoint endpoint) {
    InstanceSpec instanceSpec = endpoint.instance().target();
    long now = outside.ticker().nanos();
    AtomicBoolean due = new AtomicBoolean();
    plan.compute(
        instanceSpec.instanceId(),
        (_, known) -> {
          boolean same = known != null && known.target().equals(instanceSpec);
          Planned planned =
              same
                  ? known
                  : new Planned(
                      instanceSpec, new ProbeState(endpoint.healthCheckResult(), 0), now, false);
          due.set(!planned.running() && now - planned.due() >= 0);
          return due.get()
              ? new Planned(instanceSpec, planned.state(), planned.due(), true)
              : planned;
        });
    if (due.get()) {
      outside.executor().execute(() -> probe(instanceSpec));
    }
  }

  private void probe(InstanceSpec instanceSpec) {
    long begin = outside.ticker().nanos();
    String fault = "";
    try {
      probe.call(instanceSpec);
    } catch (IOException | RuntimeException e) {
      fault = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
    double millis = (outside.ticker().nanos() - begin) / 1e6;
    String why = fault;
    plan.computeIfPresent(
        instanceSpec.instanceId(),
        (_, planned) ->
            planned.target().equals(instanceSpec) ? noted(planned, why, millis) : planned);
  }

  private Planned noted(Planned planned, String fault, double millis) {
    ProbeState next =
        planned.state().after(fault.isEmpty(), millis, outside.clock().instant(), settings);
    Health health = next.verdict().health();
    if (health != planned.state().verdict().health()) {
      LOG.log(
          health == Health.HEALTHY ? Level.INFO : Level.WARNING,
          "{0} is {1}{2}",
          planned.target().instanceId(),
          health == Health.HEALTHY ? "healthy" : "unhealthy: ",
          fault);
    }
    fleet.judge(planned.target().instanceId(), next.verdict());
    long due =
        outside.ticker().nanos() + next.pause(settings, outside.random().nextDouble()).toNanos();
    return new Planned(planned.target(), next, due, false);
  }
}
