package io.soilhub.scalability.balancing.fleet;

import io.soilhub.scalability.balancing.strategies.Candidates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Who of a pool may take requests at one moment: a pure function of its members and its policy.
/// Draining members are the last tier: they are used, by the same rules, when no other is alive.
///
/// @param members the candidates' members, in their order
/// @param overflow usable members of other zones, for when those are busy
/// @param excluded why each of the others is not used, by id
/// @param panic whether unusable ones are used as well because too few others are left
record PoolSnapshot(
    Candidates candidates,
    List<Endpoint> members,
    List<Endpoint> overflow,
    Map<String, String> excluded,
    boolean panic) {

  static PoolSnapshot of(List<Endpoint> pool, Policy policy, String zone, long now) {
    Map<String, String> excluded = new LinkedHashMap<>();
    boolean last = pool.stream().noneMatch(m -> !m.isDraining() && m.isAlive());
    List<Endpoint> base = pool.stream().filter(m -> m.isDraining() == last).toList();
    List<Endpoint> usable = new ArrayList<>();
    for (Endpoint endpoint : pool) {
      exclusion(endpoint, last, now)
          .ifPresentOrElse(
              reason -> excluded.put(endpoint.instance().id(), reason), () -> usable.add(endpoint));
    }
    if (base.stream().noneMatch(Endpoint::isAlive)) {
      return of(List.of(), List.of(), excluded, false, policy, now);
    }
    if (usable.isEmpty() || usable.size() < policy.panicThreshold() * base.size()) {
      base.forEach(endpoint -> excluded.remove(endpoint.instance().id()));
      return of(base, List.of(), excluded, true, policy, now);
    }
    return near(base, usable, excluded, policy, zone, now);
  }

  /// @param last whether the draining members are the tier that is used
  private static Optional<String> exclusion(Endpoint endpoint, boolean last, long now) {
    if (endpoint.isDraining() && !last) {
      return Optional.of("draining");
    }
    if (!endpoint.isAlive()) {
      return Optional.of("unhealthy: its probes fail");
    }
    return endpoint.ejectionReason(now).map(reason -> "ejected: " + reason);
  }

  /// This outlook on the candidates of the one before when they are the same: what those have built
  /// for their choices, the table of consistent hashing, is built once a change.
  PoolSnapshot after(PoolSnapshot before) {
    return candidates.isSameAs(before.candidates)
        ? new PoolSnapshot(before.candidates, members, overflow, excluded, panic)
        : this;
  }

  /// The own zone's instances when enough of them are usable, else all.
  private static PoolSnapshot near(
      List<Endpoint> base,
      List<Endpoint> usable,
      Map<String, String> excluded,
      Policy policy,
      String zone,
      long now) {
    List<Endpoint> local = usable.stream().filter(m -> isIn(m, zone)).toList();
    long all = base.stream().filter(m -> isIn(m, zone)).count();
    boolean prefer = policy.zonePreference() && !zone.isEmpty() && !local.isEmpty();
    if (!prefer || local.size() == usable.size() || local.size() < policy.panicThreshold() * all) {
      return of(usable, List.of(), excluded, false, policy, now);
    }
    List<Endpoint> others = usable.stream().filter(m -> !isIn(m, zone)).toList();
    others.forEach(m -> excluded.put(m.instance().id(), "of another zone than " + zone));
    return of(local, others, excluded, false, policy, now);
  }

  private static PoolSnapshot of(
      List<Endpoint> members,
      List<Endpoint> overflow,
      Map<String, String> excluded,
      boolean panic,
      Policy policy,
      long now) {
    long window = TimeUnit.SECONDS.toNanos(policy.slowStartSeconds());
    double[] weights = new double[members.size()];
    double[] ramps = new double[members.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = members.get(i).instance().target().weight();
      ramps[i] = members.get(i).ramp(window, now);
    }
    Candidates candidates =
        new Candidates(members.stream().map(Endpoint::load).toList(), weights, ramps);
    return new PoolSnapshot(
        candidates, List.copyOf(members), List.copyOf(overflow), Map.copyOf(excluded), panic);
  }

  private static boolean isIn(Endpoint endpoint, String zone) {
    return endpoint.instance().target().zone().equals(zone);
  }
}
