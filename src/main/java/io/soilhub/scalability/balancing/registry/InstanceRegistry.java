package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.balancing.fleet.Endpoint;
import io.soilhub.scalability.balancing.fleet.Endpoint.Totals;
import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.balancing.fleet.Policy;
import io.soilhub.scalability.balancing.fleet.Pool;
import io.soilhub.scalability.balancing.fleet.RoutingDecision;
import io.soilhub.scalability.balancing.registry.InstanceStore.Addition;
import io.soilhub.scalability.platform.core.Hashing;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.IfMatch;
import io.soilhub.scalability.platform.outbound.DnsCache;
import io.soilhub.scalability.platform.outbound.ForbiddenAddress;
import io.soilhub.scalability.platform.postgres.Database;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Registers, removes and shows instances, and keeps the policies of services. Writes go to
/// PostgreSQL; reads and choices are answered from this replica's fleet.
public final class InstanceRegistry {

  /// @param created false when the same instance was registered before
  record Registered(InstanceView instance, boolean created) {}

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final InstanceStore records;
  private final TrafficStore traffic;
  private final Fleet fleet;
  private final List<InstanceSource> sources;
  private final DnsCache dnsCache;
  private final boolean enabled;

  /// Held by the one that talks with PostgreSQL about the whole of the fleet; nobody waits for it
  /// longer than for a statement. What answers from memory does not take it.
  private final ReentrantLock exchanging = new ReentrantLock();

  private final Object merging = new Object();
  private TrafficStore.Known known = TrafficStore.Known.NOTHING;
  private volatile InstanceStore.Snapshot last = new InstanceStore.Snapshot(List.of(), Map.of());

  /// @param names hands out allowed addresses alone
  /// @param enabled ENABLE_LOAD_BALANCING
  InstanceRegistry(
      Database database,
      Fleet fleet,
      List<InstanceSource> sources,
      DnsCache dnsCache,
      boolean enabled) {
    this.records = new InstanceStore(database);
    this.traffic = new TrafficStore(database);
    this.fleet = fleet;
    this.sources = List.copyOf(sources);
    this.dnsCache = dnsCache;
    this.enabled = enabled;
  }

  /// The pool that takes a service's requests.
  ///
  /// @throws Problem of kind NOT_FOUND for a service without instances
  public Pool pool(String service) {
    checkEnabled();
    return fleet.pool(service).orElseThrow(() -> noService(service));
  }

  /// Hands over what was counted and takes over what others changed. Called once a second, and
  /// after each change of our own. Waits for PostgreSQL, and for another step that does.
  ///
  /// @throws Problem of kind UNAVAILABLE when that takes too long
  public void step() {
    if (!begins()) {
      throw Problem.unavailable(
          "database-unavailable",
          "The database does not answer in time.",
          Duration.ofSeconds(2),
          null);
    }
    try {
      handOver();
      InstanceStore.Snapshot read = records.read();
      Set<String> ids = merged(read.instances()).keySet();
      known = traffic.read(known, ids);
      last = read;
      merge();
      for (Endpoint endpoint : fleet.members()) {
        // One that a source has named since is read at the next step.
        Optional.ofNullable(known.totals().get(endpoint.instance().id()))
            .ifPresent(endpoint::shared);
      }
    } catch (RuntimeException e) {
      // Another server may answer the next time, with a clock of its own: nothing is presumed.
      known = TrafficStore.Known.NOTHING;
      throw e;
    } finally {
      exchanging.unlock();
    }
  }

  /// Takes over what the sources say, beside what was last seen in PostgreSQL, and does not wait
  /// for that. Called once a second, whether PostgreSQL is there or not.
  public void merge() {
    synchronized (merging) {
      InstanceStore.Snapshot now = last;
      Map<String, Policy> policies = new HashMap<>();
      now.policies().forEach((service, versioned) -> policies.put(service, versioned.policy()));
      fleet.apply(merged(now.instances()).values(), policies);
    }
  }

  /// Forgets the totals of instances long gone. Called once an hour.
  void forget() {
    traffic.forget();
  }

  /// Registers an instance. The same again changes nothing, but keeps one that is being removed.
  ///
  /// @throws Problem of kind INVALID for a forbidden address, CONFLICT for other data under an id
  ///   that is known
  Registered register(InstanceRequest request) {
    checkEnabled();
    InstanceSpec instanceSpec = request.target();
    checkAddresses(instanceSpec.host());
    Addition done =
        configured(instanceSpec.instanceId())
            .map(known -> known.target().equals(instanceSpec) ? Addition.KEPT : Addition.TAKEN)
            .orElseGet(() -> records.add(instanceSpec));
    switch (done) {
      case TAKEN ->
          throw new Problem(
              Problem.Kind.CONFLICT,
              "instance-exists",
              "Another instance is registered as %s.".formatted(instanceSpec.instanceId()));
      case FULL ->
          throw new Problem(
              Problem.Kind.CONFLICT,
              "too-many-instances",
              "There are %d instances already.".formatted(InstanceStore.MOST_INSTANCES));
      case ADDED, KEPT -> step();
    }
    return new Registered(view(instanceSpec.instanceId()), done == Addition.ADDED);
  }

  /// Instances by id, after one id, of one service or of all when it is empty.
  List<InstanceView> list(String service, String after, int limit) {
    checkEnabled();
    return fleet.members().stream()
        .filter(m -> service.isEmpty() || m.instance().target().service().equals(service))
        .filter(m -> m.instance().id().compareTo(after) > 0)
        .sorted(Comparator.comparing(m -> m.instance().id()))
        .limit(limit)
        .map(m -> InstanceView.of(m, fleet.now()))
        .toList();
  }

  /// @throws Problem of kind NOT_FOUND
  InstanceView view(String id) {
    checkEnabled();
    return InstanceView.of(fleet.member(id).orElseThrow(() -> noInstance(id)), fleet.now());
  }

  /// Removes an instance once it had time to end what it has.
  ///
  /// @throws Problem of kind NOT_FOUND, or CONFLICT for one that the configuration names
  void remove(String id, int drainSeconds) {
    checkEnabled();
    if (configured(id).isPresent()) {
      throw new Problem(
          Problem.Kind.CONFLICT,
          "instance-of-configuration",
          "%s comes from the configuration; remove it there.".formatted(id));
    }
    if (!records.drain(id, drainSeconds)) {
      throw noInstance(id);
    }
    step();
  }

  /// The policy of a service; the default until it has one of its own.
  InstanceStore.Versioned policy(String service) {
    checkEnabled();
    InstanceStore.Versioned own = last.policies().get(service);
    if (own == null && fleet.pool(service).isEmpty()) {
      throw noService(service);
    }
    return own == null ? new InstanceStore.Versioned(fleet.initialPolicy(), 0) : own;
  }

  /// Puts a policy in place of one that the precondition allows to replace.
  ///
  /// @throws Problem of kind STALE when it does not, or when somebody changes it meanwhile
  InstanceStore.Versioned replace(String service, Policy wanted, IfMatch precondition) {
    checkEnabled();
    step();
    long version = policy(service).version();
    if (!precondition.matches(version) || records.change(service, wanted, version).isEmpty()) {
      throw new Problem(
          Problem.Kind.STALE,
          "policy-changed",
          "The policy of service %s was changed meanwhile.".formatted(service));
    }
    step();
    return policy(service);
  }

  /// Who would take a request with this key now, and why.
  RoutingDecision choose(String service, String key) {
    return pool(service).explain(Hashing.hash(key));
  }

  private void checkAddresses(String host) {
    try {
      dnsCache.resolve(host);
    } catch (ForbiddenAddress e) {
      throw Problem.invalid("/host", e.getMessage());
    } catch (UnknownHostException _) {
      throw Problem.invalid("/host", "host cannot be resolved");
    }
  }

  private void handOver() {
    Map<Endpoint, Totals> counted = new HashMap<>();
    Map<String, Totals> deltas = new HashMap<>();
    for (Endpoint endpoint : fleet.remembered()) {
      Totals delta = endpoint.unflushed();
      if (!delta.equals(Totals.NONE)) {
        counted.put(endpoint, delta);
        deltas.put(endpoint.instance().id(), delta);
      }
    }
    if (!deltas.isEmpty()) {
      traffic.count(deltas);
      counted.forEach(Endpoint::flushed);
    }
  }

  private boolean begins() {
    try {
      return exchanging.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Map<String, Instance> merged(List<Instance> registered) {
    Map<String, Instance> all = new LinkedHashMap<>();
    registered.forEach(instance -> all.put(instance.id(), instance));
    for (InstanceSource source : sources) {
      source.instances().forEach(instance -> all.put(instance.id(), instance));
    }
    return all;
  }

  /// An instance that a source names now.
  private Optional<Instance> configured(String id) {
    return sources.stream()
        .flatMap(source -> source.instances().stream())
        .filter(instance -> instance.id().equals(id))
        .findFirst();
  }

  private void checkEnabled() {
    if (!enabled) {
      throw Problem.unavailable(
          "component-disabled",
          "Load balancing is turned off (ENABLE_LOAD_BALANCING).",
          Duration.ofMinutes(1),
          null);
    }
  }

  private static Problem noInstance(String id) {
    return new Problem(
        Problem.Kind.NOT_FOUND, "instance-not-found", "There is no instance %s.".formatted(id));
  }

  private static Problem noService(String service) {
    return new Problem(
        Problem.Kind.NOT_FOUND,
        "service-not-found",
        "No instance of service %s is registered.".formatted(service));
  }
}
