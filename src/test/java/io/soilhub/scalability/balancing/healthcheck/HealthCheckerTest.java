package io.soilhub.scalability.balancing.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.fleet.FleetContext;
import io.soilhub.scalability.balancing.fleet.Health;
import io.soilhub.scalability.balancing.fleet.HealthCheckResult;
import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.balancing.strategies.SharedRandom;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Probes stepped by hand: no thread, no socket.
class HealthCheckerTest {

  private static final long SECOND = 1_000_000_000L;
  private static final HealthCheckSettings SETTINGS =
      new HealthCheckSettings(Duration.ofSeconds(30), Duration.ofSeconds(5), 2, 3);

  private long now = SECOND;
  private final Set<String> broken = new HashSet<>();
  private final List<String> probed = new ArrayList<>();
  private final List<Runnable> hanging = new ArrayList<>();
  private Executor executor = Runnable::run;
  private final Map<String, ReplicaReport> board = new HashMap<>();

  @Test
  void theFirstProbeDecidesAndIsNotWaitedFor() {
    Fleet fleet = fleet("a", "b");
    broken.add("b");
    healthChecker("one", fleet).step();
    assertThat(health(fleet, "a")).isEqualTo(Health.HEALTHY);
    assertThat(health(fleet, "b")).isEqualTo(Health.UNHEALTHY);
  }

  @Test
  void itTakesThreeBadOrTwoGoodInARowToChange() {
    Fleet fleet = fleet("a");
    HealthChecker healthChecker = healthChecker("one", fleet);
    healthChecker.step();
    broken.add("a");
    List<Health> seen = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      untilProbed(healthChecker);
      seen.add(health(fleet, "a"));
    }
    assertThat(seen).containsExactly(Health.HEALTHY, Health.HEALTHY, Health.UNHEALTHY);
    broken.clear();
    untilProbed(healthChecker);
    assertThat(health(fleet, "a")).isEqualTo(Health.UNHEALTHY);
    untilProbed(healthChecker);
    assertThat(health(fleet, "a")).isEqualTo(Health.HEALTHY);
  }

  @Test
  void aDoubtfulInstanceIsProbedSooner() {
    Fleet fleet = fleet("a");
    HealthChecker healthChecker = healthChecker("one", fleet);
    healthChecker.step();
    pass(healthChecker, 10);
    assertThat(probed).hasSize(1);
    broken.add("a");
    pass(healthChecker, 24);
    assertThat(probed).hasSize(2);
    pass(healthChecker, 7);
    assertThat(probed).hasSize(3);
  }

  @Test
  void aHangingProbeDelaysNoOtherAndIsNotDoubled() {
    Fleet fleet = fleet("a", "b");
    executor = probe -> hanging.add(probe);
    HealthChecker healthChecker = healthChecker("one", fleet);
    pass(healthChecker, 1);
    hanging.removeFirst().run();
    pass(healthChecker, 34);
    assertThat(hanging).hasSize(2);
    hanging.forEach(Runnable::run);
    assertThat(probed).hasSize(3).containsOnlyOnce(probed.get(1));
    assertThat(health(fleet, probed.get(1))).isEqualTo(Health.HEALTHY);
  }

  @Test
  void replicasShareTheWorkAndTheVerdicts() {
    String[] ids = IntStream.range(0, 20).mapToObj(i -> "i" + i).toArray(String[]::new);
    Fleet here = fleet(ids);
    Fleet there = fleet(ids);
    HealthChecker one = healthChecker("one", here);
    HealthChecker two = healthChecker("two", there);
    board.put("one", new ReplicaReport(Map.of(), Map.of()));
    board.put("two", new ReplicaReport(Map.of(), Map.of()));
    broken.addAll(List.of("i3", "i4", "i5", "i6"));
    for (int i = 0; i < 3; i++) {
      one.step();
      two.step();
    }
    assertThat(probed).hasSize(20).doesNotHaveDuplicates();
    for (String id : ids) {
      assertThat(health(here, id)).isEqualTo(health(there, id)).isNotEqualTo(Health.UNKNOWN);
    }
  }

  @Test
  void whenAReplicaIsGoneTheOtherProbesAllAndKeepsTheVerdicts() {
    Fleet fleet = fleet("a", "b", "c", "d", "e", "f");
    Map<String, HealthCheckResult> theirs = new HashMap<>();
    for (String id : List.of("a", "b", "c", "d", "e", "f")) {
      theirs.put(id, new HealthCheckResult(Health.UNHEALTHY, 1, Optional.of(Instant.EPOCH)));
    }
    board.put("two", new ReplicaReport(Map.of("a", 7), theirs));
    HealthChecker one = healthChecker("one", fleet);
    one.step();
    int own = probed.size();
    assertThat(own).isBetween(1, 5);
    assertThat(fleet.member("a").orElseThrow().active()).isEqualTo(7);
    board.remove("two");
    one.step();
    assertThat(probed).hasSize(6).doesNotHaveDuplicates();
    assertThat(
            fleet.members().stream()
                .filter(m -> m.healthCheckResult().health() == Health.UNHEALTHY))
        .hasSize(6 - own);
    assertThat(fleet.member("a").orElseThrow().active()).isZero();
  }

  @Property
  void exactlyOneReplicaOwnsAnInstance(
      @ForAll @IntRange(min = 1, max = 8) int replicas, @ForAll @IntRange(max = 9999) int number) {
    List<String> nodes = IntStream.range(0, replicas).mapToObj(i -> "node-" + i).toList();
    Set<String> all = Set.copyOf(nodes);
    assertThat(
            nodes.stream()
                .filter(n -> HealthChecker.replicas(n, all).owner("instance-" + number).equals(n)))
        .hasSize(1);
  }

  private HealthChecker healthChecker(String node, Fleet fleet) {
    ReplicaReports replicaReports =
        new ReplicaReports() {
          @Override
          public Map<String, ReplicaReport> exchange(ReplicaReport own) {
            Map<String, ReplicaReport> others = new HashMap<>(board);
            others.remove(node);
            if (board.containsKey(node)) {
              board.put(node, own);
            }
            return others;
          }

          @Override
          public void withdraw() {
            board.remove(node);
          }
        };
    Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    return new HealthChecker(
        fleet,
        node,
        replicaReports,
        this::probe,
        SETTINGS,
        new HealthChecker.Outside(clock, () -> now, new SharedRandom(1), executor));
  }

  private void probe(InstanceSpec instanceSpec) throws IOException {
    probed.add(instanceSpec.instanceId());
    if (broken.contains(instanceSpec.instanceId())) {
      throw new IOException("refused");
    }
  }

  private void untilProbed(HealthChecker healthChecker) {
    int before = probed.size();
    for (int i = 0; i < 40 && probed.size() == before; i++) {
      pass(healthChecker, 1);
    }
    assertThat(probed).hasSize(before + 1);
  }

  private void pass(HealthChecker healthChecker, int seconds) {
    for (int i = 0; i < seconds; i++) {
      now += SECOND;
      healthChecker.step();
    }
  }

  private static Health health(Fleet fleet, String id) {
    return fleet.member(id).orElseThrow().healthCheckResult().health();
  }

  private Fleet fleet(String... ids) {
    Fleet fleet =
        new Fleet(
            new FleetContext("", () -> now, new SharedRandom(1), List.of(), List.of()),
            StrategyName.ROUND_ROBIN);
    fleet.apply(
        List.of(ids).stream()
            .map(
                id ->
                    new Instance(
                        new InstanceSpec(id, "s", "localhost", 80, "/health", 1, "", ""),
                        Instance.Source.API,
                        Instant.EPOCH,
                        Optional.empty()))
            .toList(),
        Map.of());
    return fleet;
  }
}
