package io.soilhub.scalability.balancing.fleet;

import io.soilhub.scalability.balancing.strategies.StrategyName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// All instances that this replica knows, pooled by service. Looking one up takes no lock; changes
/// come from few loops and wait for each other.
public final class Fleet {

  /// Instances that are gone and remembered, so that they find their history when they come back.
  private static final int REMEMBERED = 1000;

  private final FleetContext around;
  private final Policy initial;
  private final Map<String, Pool> pools = new ConcurrentHashMap<>();
  private final Map<String, Endpoint> members = new ConcurrentHashMap<>();
  private final Map<String, Endpoint> gone =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Endpoint> eldest) {
          return size() > REMEMBERED;
        }
      };

  /// @param strategy of services without a policy of their own
  public Fleet(FleetContext around, StrategyName strategy) {
    this.around = around;
    this.initial = Policy.of(strategy);
  }

  /// The pool of a service; empty when no instance of it is registered.
  public Optional<Pool> pool(String service) {
    return Optional.ofNullable(pools.get(service)).filter(pool -> !pool.members().isEmpty());
  }

  public List<Pool> pools() {
    return List.copyOf(pools.values());
  }

  public Optional<Endpoint> member(String id) {
    return Optional.ofNullable(members.get(id));
  }

  public List<Endpoint> members() {
    return List.copyOf(members.values());
  }

  /// Registered instances and those that have gone and may still have requests under way.
  public synchronized List<Endpoint> remembered() {
    List<Endpoint> all = new ArrayList<>(members.values());
    all.addAll(gone.values());
    return all;
  }

  /// What holds for a service without a policy of its own.
  public Policy initialPolicy() {
    return initial;
  }

  /// Makes the fleet consist of these instances, by these policies. One that stays keeps all that
  /// is known of it.
  public synchronized void apply(Collection<Instance> registered, Map<String, Policy> policies) {
    Map<String, List<Endpoint>> byService = new HashMap<>();
    Map<String, Endpoint> next = new HashMap<>();
    for (Instance instance : registered) {
      Endpoint endpoint = known(instance);
      next.put(instance.id(), endpoint);
      byService.computeIfAbsent(instance.target().service(), _ -> new ArrayList<>()).add(endpoint);
    }
    members.forEach((id, endpoint) -> forgetUnless(next.containsKey(id), id, endpoint));
    members.putAll(next);
    pools.keySet().forEach(service -> byService.putIfAbsent(service, new ArrayList<>()));
    byService.forEach(
        (service, of) -> {
          of.sort(java.util.Comparator.comparing(m -> m.instance().id()));
          Policy policy = policies.getOrDefault(service, initial);
          pools.computeIfAbsent(service, name -> new Pool(name, policy, around)).update(of, policy);
        });
    pools.values().removeIf(pool -> pool.members().isEmpty());
  }

  /// What the probes found out. An instance that recovers starts slowly.
  public synchronized void judge(String id, HealthCheckResult healthCheckResult) {
    Endpoint endpoint = members.get(id);
    if (endpoint == null) {
      return;
    }
    Health before = endpoint.healthCheckResult().health();
    if (before == Health.UNHEALTHY && healthCheckResult.health() == Health.HEALTHY) {
      endpoint.newcomer(around.ticker().nanos());
    }
    endpoint.judge(healthCheckResult);
    if (before != healthCheckResult.health()) {
      pool(endpoint.instance().target().service()).ifPresent(Pool::refresh);
    }
  }

  /// Requests that other replicas have under way, by instance.
  public void elsewhere(Map<String, Integer> active) {
    members.forEach((id, endpoint) -> endpoint.activeElsewhere(active.getOrDefault(id, 0)));
  }

  /// Moves every pool on. Called every second or so.
  public void step() {
    pools.values().forEach(Pool::step);
  }

  public long now() {
    return around.ticker().nanos();
  }

  private Endpoint known(Instance instance) {
    Endpoint endpoint = members.get(instance.id());
    if (endpoint == null) {
      endpoint = gone.remove(instance.id());
      if (endpoint == null) {
        return new Endpoint(instance, around.ticker().nanos());
      }
      endpoint.newcomer(around.ticker().nanos());
      endpoint.judge(HealthCheckResult.NONE);
    }
    endpoint.update(instance);
    return endpoint;
  }

  private void forgetUnless(boolean stays, String id, Endpoint endpoint) {
    if (!stays) {
      members.remove(id);
      gone.put(id, endpoint);
    }
  }
}
