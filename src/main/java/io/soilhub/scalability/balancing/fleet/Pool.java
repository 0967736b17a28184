package io.soilhub.scalability.balancing.fleet;

import io.soilhub.scalability.balancing.strategies.Strategy;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The instances of one service on this replica, and who of them is next.
public final class Pool {

  private static final Logger LOG = System.getLogger(Pool.class.getName());
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(5);

  private final String service;
  private final FleetContext around;
  private volatile Policy policy;
  private volatile Strategy strategy;
  private volatile List<Endpoint> members = List.of();
  private volatile PoolSnapshot poolSnapshot;
  private final Map<String, OutlierDetector.Window> windowStart = new HashMap<>();
  private long windowBegan;

  Pool(String service, Policy policy, FleetContext around) {
    this.service = service;
    this.around = around;
    this.policy = policy;
    this.strategy = policy.strategy().create(around.random(), policy.boundedLoad());
    this.windowBegan = now();
    this.poolSnapshot = PoolSnapshot.of(List.of(), policy, around.zone(), now());
  }

  public String service() {
    return service;
  }

  public Policy policy() {
    return policy;
  }

  /// Registered instances, those that get nothing included.
  public List<Endpoint> members() {
    return members;
  }

  /// Whether too few instances are usable, so that all are used.
  public boolean panics() {
    return poolSnapshot.panic();
  }

  /// Takes an instance for a request and counts it as under way there.
  ///
  /// @param key hash of what the request is to stick to
  /// @throws NoInstanceAvailable when nobody is healthy or everybody is busy
  public TrackedRequest begin(long key) {
    PoolSnapshot now = poolSnapshot;
    if (now.members().isEmpty()) {
      throw NoInstanceAvailable.healthy(service);
    }
    Endpoint chosen = now.members().get(strategy.choose(now.candidates(), key, now()));
    if (admits(chosen)) {
      return new TrackedRequest(this, chosen);
    }
    return other(now, Set.of()).orElseThrow(() -> NoInstanceAvailable.free(service));
  }

  /// Takes another instance than those that were tried; empty when there is none.
  public Optional<TrackedRequest> beginOther(Set<String> tried) {
    return other(poolSnapshot, tried);
  }

  /// What [#begin] would choose, and why; nothing is sent and nothing counted.
  ///
  /// @throws NoInstanceAvailable when nobody is healthy
  public RoutingDecision explain(long key) {
    PoolSnapshot now = poolSnapshot;
    if (now.members().isEmpty()) {
      throw NoInstanceAvailable.healthy(service);
    }
    Strategy.Explanation told = strategy.explain(now.candidates(), key, now());
    return RoutingDecision.of(policy.strategy(), now, members, told, now());
  }

  /// Ends ejections, moves slow starts on, and looks for outliers. Called every second or so.
  public synchronized void step() {
    if (now() - windowBegan >= WINDOW) {
      judgeWindow();
    }
    refresh();
  }

  synchronized void update(List<Endpoint> current, Policy wanted) {
    if (!wanted.equals(policy)) {
      strategy = wanted.strategy().create(around.random(), wanted.boundedLoad());
      policy = wanted;
    }
    members = List.copyOf(current);
    members.forEach(m -> windowStart.computeIfAbsent(m.instance().id(), _ -> m.window()));
    windowStart
        .keySet()
        .retainAll(members.stream().map(m -> m.instance().id()).collect(Collectors.toSet()));
    refresh();
  }

  synchronized void refresh() {
    long now = now();
    for (Endpoint endpoint : members) {
      if (poolSnapshot.excluded().getOrDefault(endpoint.instance().id(), "").startsWith("ejected")
          && !endpoint.ejection().holds(now)) {
        endpoint.newcomer(now);
      }
    }
    PoolSnapshot next = PoolSnapshot.of(members, policy, around.zone(), now).after(poolSnapshot);
    if (next.panic() != poolSnapshot.panic()) {
      LOG.log(
          Level.WARNING,
          next.panic()
              ? "service {0}: too few usable instances, all are used"
              : "service {0}: enough usable instances again",
          service);
    }
    poolSnapshot = next;
  }

  PoolSnapshot poolSnapshot() {
    return poolSnapshot;
  }

  long now() {
    return around.ticker().nanos();
  }

  void ended(ForwardListener.Forward forward) {
    for (ForwardListener listener : around.listeners()) {
      listener.forwarded(forward);
    }
  }

  void observed(Endpoint endpoint, long latency, boolean bad, long now) {
    for (InstanceGuard guard : around.guards()) {
      guard.observed(service, endpoint.instance().id(), latency, bad);
    }
    if (!bad) {
      if (endpoint.ejection().errorsInRow() > 0) {
        endpoint.ejection(Ejection::good);
      }
    } else if (endpoint.ejection(Ejection::bad).errorsInRow() >= policy.ejectAfterErrors()) {
      eject(endpoint, policy.ejectAfterErrors() + " errors in a row", now);
    }
  }

  private synchronized void eject(Endpoint endpoint, String why, long now) {
    long out = members.stream().filter(m -> m.ejection().holds(now)).count();
    if (endpoint.ejection().holds(now) || out + 1 > policy.maxEjectedShare() * members.size()) {
      return;
    }
    long first = TimeUnit.SECONDS.toNanos(policy.ejectionSeconds());
    Ejection state = endpoint.ejection(e -> e.eject(why, first, now));
    LOG.log(
        Level.WARNING,
        "service {0}: {1} is ejected for {2} s: {3}",
        service,
        endpoint.instance().id(),
        TimeUnit.NANOSECONDS.toSeconds(state.until() - now),
        why);
    refresh();
  }

  private void judgeWindow() {
    long now = now();
    List<OutlierDetector.Window> windows = new ArrayList<>();
    for (Endpoint endpoint : members) {
      OutlierDetector.Window sum = endpoint.window();
      OutlierDetector.Window before = windowStart.put(sum.id(), sum);
      windows.add(sum.since(before));
    }
    windowBegan = now;
    Map<String, String> found = OutlierDetector.among(windows);
    for (Endpoint endpoint : members) {
      if (found.containsKey(endpoint.instance().id())) {
        eject(endpoint, found.get(endpoint.instance().id()), now);
      }
    }
  }

  private boolean admits(Endpoint endpoint) {
    return endpoint.load().active() < endpoint.limit.limit() && allowed(endpoint);
  }

  private boolean allowed(Endpoint endpoint) {
    for (InstanceGuard guard : around.guards()) {
      if (!guard.allows(service, endpoint.instance().id())) {
        return false;
      }
    }
    return true;
  }

  /// The least busy of the others, of the own zone first.
  private Optional<TrackedRequest> other(PoolSnapshot now, Set<String> tried) {
    return freest(now.members(), tried)
        .or(() -> freest(now.overflow(), tried))
        .map(endpoint -> new TrackedRequest(this, endpoint));
  }

  private Optional<Endpoint> freest(List<Endpoint> from, Set<String> tried) {
    Endpoint best = null;
    double least = Double.POSITIVE_INFINITY;
    for (Endpoint endpoint : from) {
      double busy = endpoint.load().active() / (double) endpoint.instance().target().weight();
      if (busy < least && !tried.contains(endpoint.instance().id()) && admits(endpoint)) {
        best = endpoint;
        least = busy;
      }
    }
    return Optional.ofNullable(best);
  }
}
