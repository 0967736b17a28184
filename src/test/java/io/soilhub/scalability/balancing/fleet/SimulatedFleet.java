package io.soilhub.scalability.balancing.fleet;

import io.soilhub.scalability.balancing.strategies.SharedRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// A discrete-event simulation that drives the shipped [Fleet]: servers of four workers each,
/// requests that arrive by chance (Poisson) at balancers that know only their own traffic, service
/// times of Erlang shape 3 with a mean of 10 ms.
final class SimulatedFleet {

  /// @param load share of the healthy fleet's capacity
  /// @param slow how many times as long server 0 takes
  /// @param failing whether server 0 fails everything within 1 ms
  /// @param joinAt second at which the last server is registered; 0 for from the start
  record Scenario(
      int servers,
      int balancers,
      double load,
      int seconds,
      double slow,
      boolean failing,
      int joinAt) {

    static Scenario even(double load, int seconds) {
      return new Scenario(10, 4, load, seconds, 1, false, 0);
    }

    Scenario slow(double times) {
      return new Scenario(servers, balancers, load, seconds, times, failing, joinAt);
    }

    Scenario withFailing() {
      return new Scenario(servers, balancers, load, seconds, slow, true, joinAt);
    }

    Scenario joining(int second) {
      return new Scenario(servers, balancers, load, seconds, slow, failing, second);
    }
  }

  /// What came of it; latencies in ms, sorted.
  record Outcome(double[] latencies, long errors, long[][] perSecond) {

    double percentile(double share) {
      return latencies[(int) Math.min(latencies.length - 1, share * latencies.length)];
    }

    double errorShare() {
      return (double) errors / latencies.length;
    }

    /// Share of all requests of some seconds that a server got.
    double share(int server, int from, int to) {
      long own = 0;
      long all = 0;
      for (int second = from; second < to; second++) {
        own += perSecond[server][second];
        for (long[] each : perSecond) {
          all += each[second];
        }
      }
      return (double) own / all;
    }
  }

  private static final int WORKERS = 4;
  private static final double MEAN_MS = 10;
  private static final long SECOND = 1_000_000_000L;

  private record Request(TrackedRequest attempt, long arrived, int server) {}

  private record Event(long at, long order, Request ends) {}

  private final Scenario scenario;
  private final SplittableRandom random;
  private final List<Fleet> balancers = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
  private final int[] busy;
  private final List<Deque<Request>> queues = new ArrayList<>();
  private final long[][] perSecond;
  private double[] latencies = new double[1 << 16];
  private int finished;
  private long errors;
  private long now = SECOND;
  private long order;

  private SimulatedFleet(Scenario scenario, Policy policy, long seed) {
    this.scenario = scenario;
    this.random = new SplittableRandom(seed);
    this.busy = new int[scenario.servers];
    this.perSecond = new long[scenario.servers][scenario.seconds + 2];
    for (int i = 0; i < scenario.servers; i++) {
      queues.add(new ArrayDeque<>());
    }
    for (int i = 0; i < scenario.balancers; i++) {
      FleetContext around =
          new FleetContext("", () -> now, new SharedRandom(seed * 31 + i), List.of(), List.of());
      Fleet fleet = new Fleet(around, policy.strategy());
      fleet.apply(
          instances(scenario.joinAt > 0 ? scenario.servers - 1 : scenario.servers),
          Map.of("s", policy));
      balancers.add(fleet);
    }
    // Long enough ago for nobody to be a newcomer.
    now += 3600 * SECOND;
  }

  static Outcome run(Scenario scenario, Policy policy, long seed) {
    return new SimulatedFleet(scenario, policy, seed).run(policy);
  }

  private Outcome run(Policy policy) {
    long begin = now;
    long end = begin + scenario.seconds * SECOND;
    double perNano = scenario.load * scenario.servers * WORKERS / (MEAN_MS * 1e6);
    long next = now;
    long tick = now + SECOND;
    boolean joined = scenario.joinAt == 0;
    while (next < end) {
      next += (long) (-Math.log(1 - random.nextDouble()) / perNano);
      while (!events.isEmpty() && events.peek().at <= next) {
        Event event = events.poll();
        now = event.at;
        finish(event.ends);
      }
      now = next;
      if (!joined && now >= begin + scenario.joinAt * SECOND) {
        balancers.forEach(b -> b.apply(instances(scenario.servers), Map.of("s", policy)));
        joined = true;
      }
      if (now >= tick) {
        balancers.forEach(Fleet::step);
        tick += SECOND;
      }
      arrive((int) ((now - begin) / SECOND));
    }
    double[] all = Arrays.copyOf(latencies, finished);
    Arrays.sort(all);
    return new Outcome(all, errors, perSecond);
  }

  private void arrive(int second) {
    Fleet balancer = balancers.get(random.nextInt(balancers.size()));
    TrackedRequest attempt = balancer.pool("s").orElseThrow().begin(random.nextLong());
    int server = Integer.parseInt(attempt.instance().id());
    perSecond[server][second]++;
    Request request = new Request(attempt, now, server);
    if (scenario.failing && server == 0) {
      events.add(new Event(now + 1_000_000, order++, request));
    } else if (busy[server] < WORKERS) {
      busy[server]++;
      serve(request);
    } else {
      queues.get(server).add(request);
    }
  }

  private void serve(Request request) {
    double millis = 0;
    for (int stage = 0; stage < 3; stage++) {
      millis -= Math.log(1 - random.nextDouble()) * MEAN_MS / 3;
    }
    double times = request.server == 0 ? scenario.slow : 1;
    events.add(new Event(now + (long) (millis * times * 1e6), order++, request));
  }

  private void finish(Request request) {
    boolean failed = scenario.failing && request.server == 0;
    request.attempt.answered(!failed);
    request.attempt.close();
    if (finished == latencies.length) {
      latencies = Arrays.copyOf(latencies, 2 * finished);
    }
    latencies[finished++] = (now - request.arrived) / 1e6;
    if (failed) {
      errors++;
      return;
    }
    Request waiting = queues.get(request.server).poll();
    if (waiting == null) {
      busy[request.server]--;
    } else {
      serve(waiting);
    }
  }

  private static List<Instance> instances(int count) {
    List<Instance> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      InstanceSpec instanceSpec =
          new InstanceSpec("" + i, "s", "localhost", 1 + i, "/health", 1, "", "");
      all.add(new Instance(instanceSpec, Instance.Source.API, Instant.EPOCH, Optional.empty()));
    }
    return all;
  }
}
