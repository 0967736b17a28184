package io.soilhub.scalability.fleet;

import io.soilhub.scalability.strategies.Strategy;
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
  private final Surroundings around;
  private volatile Policy policy;
  private volatile Strategy strategy;
  private volatile List<Member> members = List.of();
  private volatile Outlook outlook;
  private final Map<String, Outliers.Window> windowStart = new HashMap<>();
  private long windowBegan;

  Pool(String service, Policy policy, Surroundings around) {
    this.service = service;
    this.around = around;
    this.policy = policy;
    this.strategy = policy.strategy().create(around.random(), policy.boundedLoad());
    this.windowBegan = now();
    this.outlook = Outlook.of(List.of(), policy, around.zone(), now());
  }

  public String service() {
    return service;
  }

  public Policy policy() {
    return policy;
  }

  /// Registered instances, those that get nothing included.
  public List<Member> members() {
    return members;
  }

  /// Whether too few instances are usable, so that all are used.
  public boolean panics() {
    return outlook.panic();
  }

  /// Takes an instance for a request and counts it as under way there.
  ///
  /// @param key hash of what the request is to stick to
  /// @throws NoInstance when nobody is healthy or everybody is busy
  public Attempt begin(long key) {
    Outlook now = outlook;
    if (now.members().isEmpty()) {
      throw NoInstance.healthy(service);
    }
    Member chosen = now.members().get(strategy.choose(now.candidates(), key, now()));
    if (admits(chosen)) {
      return new Attempt(this, chosen);
    }
    return other(now, Set.of()).orElseThrow(() -> NoInstance.free(service));
  }

  /// Takes another instance than those that were tried; empty when there is none.
  public Optional<Attempt> beginOther(Set<String> tried) {
    return other(outlook, tried);
  }

  /// What [#begin] would choose, and why; nothing is sent and nothing counted.
  ///
  /// @throws NoInstance when nobody is healthy
  public Choice explain(long key) {
    Outlook now = outlook;
    if (now.members().isEmpty()) {
      throw NoInstance.healthy(service);
    }
    Strategy.Explanation told = strategy.explain(now.candidates(), key, now());
    return Choice.of(policy.strategy(), now, members, told, now());
  }

  /// Ends ejections, moves slow starts on, and looks for outliers. Called every second or so.
  public synchronized void step() {
    if (now() - windowBegan >= WINDOW) {
      judgeWindow();
    }
    refresh();
  }

  synchronized void update(List<Member> current, Policy wanted) {
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
    for (Member member : members) {
      if (outlook.excluded().getOrDefault(member.instance().id(), "").startsWith("ejected")
          && !member.ejection().holds(now)) {
        member.newcomer(now);
      }
    }
    Outlook next = Outlook.of(members, policy, around.zone(), now).after(outlook);
    if (next.panic() != outlook.panic()) {
      LOG.log(
          Level.WARNING,
          next.panic()
              ? "service {0}: too few usable instances, all are used"
              : "service {0}: enough usable instances again",
          service);
    }
    outlook = next;
  }

  Outlook outlook() {
    return outlook;
  }

  long now() {
    return around.ticker().nanos();
  }

  void ended(ForwardListener.Forward forward) {
    for (ForwardListener listener : around.listeners()) {
      listener.forwarded(forward);
    }
  }

  void observed(Member member, long latency, boolean bad, long now) {
    for (InstanceGuard guard : around.guards()) {
      guard.observed(service, member.instance().id(), latency, bad);
    }
    if (!bad) {
      if (member.ejection().errorsInRow() > 0) {
        member.ejection(Ejection::good);
      }
    } else if (member.ejection(Ejection::bad).errorsInRow() >= policy.ejectAfterErrors()) {
      eject(member, policy.ejectAfterErrors() + " errors in a row", now);
    }
  }

  private synchronized void eject(Member member, String why, long now) {
    long out = members.stream().filter(m -> m.ejection().holds(now)).count();
    if (member.ejection().holds(now) || out + 1 > policy.maxEjectedShare() * members.size()) {
      return;
    }
    long first = TimeUnit.SECONDS.toNanos(policy.ejectionSeconds());
    Ejection state = member.ejection(e -> e.eject(why, first, now));
    LOG.log(
        Level.WARNING,
        "service {0}: {1} is ejected for {2} s: {3}",
        service,
        member.instance().id(),
        TimeUnit.NANOSECONDS.toSeconds(state.until() - now),
        why);
    refresh();
  }

  private void judgeWindow() {
    long now = now();
    List<Outliers.Window> windows = new ArrayList<>();
    for (Member member : members) {
      Outliers.Window sum = member.window();
      Outliers.Window before = windowStart.put(sum.id(), sum);
      windows.add(sum.since(before));
    }
    windowBegan = now;
    Map<String, String> found = Outliers.among(windows);
    for (Member member : members) {
      if (found.containsKey(member.instance().id())) {
        eject(member, found.get(member.instance().id()), now);
      }
    }
  }

  private boolean admits(Member member) {
    return member.load().active() < member.limit.limit() && allowed(member);
  }

  private boolean allowed(Member member) {
    for (InstanceGuard guard : around.guards()) {
      if (!guard.allows(service, member.instance().id())) {
        return false;
      }
    }
    return true;
  }

  /// The least busy of the others, of the own zone first.
  private Optional<Attempt> other(Outlook now, Set<String> tried) {
    return freest(now.members(), tried)
        .or(() -> freest(now.overflow(), tried))
        .map(member -> new Attempt(this, member));
  }

  private Optional<Member> freest(List<Member> from, Set<String> tried) {
    Member best = null;
    double least = Double.POSITIVE_INFINITY;
    for (Member member : from) {
      double busy = member.load().active() / (double) member.instance().target().weight();
      if (busy < least && !tried.contains(member.instance().id()) && admits(member)) {
        best = member;
        least = busy;
      }
    }
    return Optional.ofNullable(best);
  }
}
