package io.soilhub.scalability.probing;

import io.soilhub.scalability.fleet.Fleet;
import io.soilhub.scalability.fleet.Health;
import io.soilhub.scalability.fleet.Instance;
import io.soilhub.scalability.fleet.Member;
import io.soilhub.scalability.fleet.Target;
import io.soilhub.scalability.fleet.Verdict;
import io.soilhub.scalability.platform.Ticker;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/// Probes this replica's share of the instances, tells the others, and takes over what they found.
final class Prober {

  /// Asks an instance for its health.
  @FunctionalInterface
  interface Probe {
    /// @throws IOException when the instance does not answer as it should
    void call(Target target) throws IOException;
  }

  /// What the prober takes from outside.
  ///
  /// @param executor a thread for each probe, for instance virtual ones
  record Outside(Clock clock, Ticker ticker, RandomGenerator random, Executor executor) {}

  /// When the next probe of an instance is due and what the last ones showed.
  private record Planned(Target target, ProbeState state, long due, boolean running) {}

  private static final Logger LOG = System.getLogger(Prober.class.getName());

  private final Fleet fleet;
  private final String node;
  private final Bulletins board;
  private final Probe probe;
  private final ProbingSettings settings;
  private final Outside outside;
  private final Map<String, Planned> plan = new ConcurrentHashMap<>();

  Prober(
      Fleet fleet,
      String node,
      Bulletins board,
      Probe probe,
      ProbingSettings settings,
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
    Map<String, Bulletin> others = board.exchange(bulletin());
    Map<String, Integer> active = new HashMap<>();
    others.values().forEach(b -> b.active().forEach((id, n) -> active.merge(id, n, Integer::sum)));
    fleet.elsewhere(active);
    Set<String> owned = new HashSet<>();
    for (Member member : fleet.members()) {
      Instance instance = member.instance();
      if (Shares.isOwner(node, others.keySet(), instance.id())) {
        owned.add(instance.id());
        probeIfDue(member);
      }
    }
    plan.keySet().retainAll(owned);
    for (Bulletin bulletin : others.values()) {
      bulletin
          .verdicts()
          .forEach(
              (id, verdict) -> {
                if (!owned.contains(id)) {
                  fleet.judge(id, verdict);
                }
              });
    }
  }

  /// Leaves the board, so that the others take over at once.
  public void stop() {
    board.withdraw();
  }

  private Bulletin bulletin() {
    Map<String, Integer> active = new HashMap<>();
    for (Member member : fleet.remembered()) {
      int count = member.load().active();
      if (count > 0) {
        active.put(member.instance().id(), count);
      }
    }
    Map<String, Verdict> verdicts = new HashMap<>();
    plan.forEach(
        (id, planned) -> {
          if (planned.state().verdict().health() != Health.UNKNOWN) {
            verdicts.put(id, planned.state().verdict());
          }
        });
    return new Bulletin(active, verdicts);
  }

  /// An instance that comes over from another replica keeps its verdict; a new one is probed at
  /// once.
  private void probeIfDue(Member member) {
    Target target = member.instance().target();
    long now = outside.ticker().nanos();
    AtomicBoolean due = new AtomicBoolean();
    plan.compute(
        target.instanceId(),
        (_, known) -> {
          boolean same = known != null && known.target().equals(target);
          Planned planned =
              same ? known : new Planned(target, new ProbeState(member.verdict(), 0), now, false);
          due.set(!planned.running() && now - planned.due() >= 0);
          return due.get() ? new Planned(target, planned.state(), planned.due(), true) : planned;
        });
    if (due.get()) {
      outside.executor().execute(() -> probe(target));
    }
  }

  private void probe(Target target) {
    long begin = outside.ticker().nanos();
    String fault = "";
    try {
      probe.call(target);
    } catch (IOException | RuntimeException e) {
      fault = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
    double millis = (outside.ticker().nanos() - begin) / 1e6;
    String why = fault;
    plan.computeIfPresent(
        target.instanceId(),
        (_, planned) -> planned.target().equals(target) ? noted(planned, why, millis) : planned);
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
