package io.soilhub.scalability.balancing.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.balancing.fleet.Instance.Source;
import io.soilhub.scalability.balancing.strategies.SharedRandom;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Who of a pool is used, stepped by hand.
class PoolSnapshotTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Policy ROUND_ROBIN = Policy.of(StrategyName.ROUND_ROBIN);

  private long now = SECOND;
  private final List<ForwardListener.Forward> forwards = new ArrayList<>();
  private final Fleet fleet = fleet("");

  @Test
  void withoutALivingInstanceItIsSaidAtOnce() {
    register(fleet, "a", "b");
    probes("a", Health.UNHEALTHY);
    probes("b", Health.UNHEALTHY);
    assertThatThrownBy(() -> pool().begin(0))
        .isInstanceOfSatisfying(
            NoInstanceAvailable.class, e -> assertThat(e.type()).isEqualTo("no-healthy-instance"));
    assertThat(fleet.pool("nobody")).isEmpty();
  }

  @Test
  void anUnhealthyInstanceGetsNothingUntilItIsBack() {
    register(fleet, "a", "b", "c");
    probes("b", Health.UNHEALTHY);
    assertThat(chosen(20)).containsExactlyInAnyOrder("a", "c");
    probes("b", Health.HEALTHY);
    assertThat(chosen(20)).contains("b");
  }

  @Test
  void belowThePanicThresholdAllAreUsedAgain() {
    register(fleet, "a", "b", "c");
    probes("a", Health.UNHEALTHY);
    assertThat(pool().panics()).isFalse();
    probes("b", Health.UNHEALTHY);
    assertThat(pool().panics()).isTrue();
    assertThat(chosen(30)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(pool().explain(0).panic()).isTrue();
  }

  @Test
  void fiveErrorsInARowEjectForAWhileThatGrows() {
    register(fleet, "a", "b", "c");
    fail("a", 4);
    answerOnce("a", true);
    fail("a", 4);
    assertThat(health("a")).isEqualTo(Health.UNKNOWN);
    fail("a", 1);
    assertThat(health("a")).isEqualTo(Health.EJECTED);
    assertThat(chosen(20)).doesNotContain("a");
    pass(9);
    assertThat(health("a")).isEqualTo(Health.EJECTED);
    pass(2);
    assertThat(chosen(60)).contains("a");
    fail("a", 5);
    pass(19);
    assertThat(health("a")).isEqualTo(Health.EJECTED);
    pass(2);
    assertThat(health("a")).isEqualTo(Health.UNKNOWN);
  }

  @Test
  void atMostHalfOfThemAreEjected() {
    register(fleet, "a", "b", "c", "d", "e");
    for (String id : List.of("a", "b", "c", "d", "e")) {
      fail(id, 20);
    }
    assertThat(fleet.members().stream().filter(m -> m.health(now) == Health.EJECTED)).hasSize(2);
  }

  @Test
  void anInstanceAloneIsNeverEjected() {
    register(fleet, "a");
    fail("a", 100);
    assertThat(chosen(3)).containsExactly("a");
  }

  @Test
  void aSlowOutlierIsEjected() {
    register(fleet, "a", "b", "c");
    for (int i = 0; i < 30; i++) {
      for (String id : List.of("a", "b", "c")) {
        TrackedRequest attempt = at(id);
        now += id.equals("a") ? 200_000_000 : 5_000_000;
        attempt.answered(true);
        attempt.close();
      }
    }
    fleet.step();
    assertThat(health("a")).isEqualTo(Health.EJECTED);
    assertThat(fleet.member("a").orElseThrow().ejectionReason(now).orElseThrow())
        .contains("200 ms");
  }

  @Test
  void aDrainingInstanceKeepsWhatItHasAndGetsNothingNew() {
    register(fleet, "a", "b");
    TrackedRequest before = at("a");
    fleet.apply(List.of(draining("a"), instance("b", "", 1)), Map.of("s", ROUND_ROBIN));
    assertThat(chosen(10)).containsExactly("b");
    assertThat(health("a")).isEqualTo(Health.DRAINING);
    assertThat(fleet.member("a").orElseThrow().active()).isEqualTo(1);
    before.close();
    assertThat(fleet.member("a").orElseThrow().active()).isZero();
  }

  @Test
  void drainingInstancesAreUsedWhenNoOtherIsAlive() {
    fleet.apply(List.of(draining("a"), draining("b")), Map.of("s", ROUND_ROBIN));
    assertThat(chosen(10)).containsExactlyInAnyOrder("a", "b");
    fleet.apply(List.of(draining("a"), instance("c", "", 1)), Map.of("s", ROUND_ROBIN));
    assertThat(chosen(10)).containsExactly("c");
    probes("c", Health.UNHEALTHY);
    assertThat(chosen(10)).containsExactly("a");
    assertThat(pool().explain(0).candidates())
        .filteredOn(candidate -> candidate.score().isPresent())
        .extracting(RoutingDecision.Candidate::health)
        .containsExactly(Health.DRAINING);
    probes("a", Health.UNHEALTHY);
    assertThatThrownBy(() -> pool().begin(0)).isInstanceOf(NoInstanceAvailable.class);
    probes("c", Health.HEALTHY);
    assertThat(chosen(10)).containsExactly("c");
  }

  @Test
  void theOwnZoneComesFirstAndOverflows() {
    Fleet here = fleet("east");
    here.apply(
        List.of(instance("a", "east", 1), instance("b", "east", 1), instance("c", "west", 1)),
        Map.of("s", ROUND_ROBIN));
    Pool pool = here.pool("s").orElseThrow();
    Set<String> first = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      try (TrackedRequest attempt = pool.begin(0)) {
        first.add(attempt.instance().id());
      }
    }
    assertThat(first).containsExactlyInAnyOrder("a", "b");
    assertThat(pool.beginOther(Set.of("a", "b")).orElseThrow().instance().id()).isEqualTo("c");
    here.judge("a", new HealthCheckResult(Health.UNHEALTHY, 0, Optional.empty()));
    here.judge("b", new HealthCheckResult(Health.UNHEALTHY, 0, Optional.empty()));
    here.judge("c", new HealthCheckResult(Health.HEALTHY, 0, Optional.empty()));
    assertThat(pool.begin(0).instance().id()).isNotEmpty();
  }

  @Test
  void fullInstancesShedWhatTheyCannotTake() {
    register(fleet, "a", "b");
    List<TrackedRequest> held = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                held.add(pool().begin(0));
              }
            })
        .isInstanceOfSatisfying(
            NoInstanceAvailable.class,
            e -> {
              assertThat(e.type()).isEqualTo("overloaded");
              assertThat(e.retryAfter()).isPresent();
            });
    held.forEach(TrackedRequest::close);
    assertThat(chosen(10)).hasSize(2);
  }

  @Test
  void aGuardCanCloseAnInstance() {
    List<String> observed = new ArrayList<>();
    InstanceGuard guard =
        new InstanceGuard() {
          @Override
          public boolean allows(String service, String instanceId) {
            return !instanceId.equals("a");
          }

          @Override
          public void observed(String service, String instanceId, long nanos, boolean failed) {
            observed.add(instanceId + failed);
          }
        };
    Fleet guarded =
        new Fleet(
            new FleetContext("", () -> now, new SharedRandom(1), List.of(guard), List.of()),
            StrategyName.ROUND_ROBIN);
    register(guarded, "a", "b");
    for (int i = 0; i < 4; i++) {
      try (TrackedRequest attempt = guarded.pool("s").orElseThrow().begin(0)) {
        assertThat(attempt.instance().id()).isEqualTo("b");
        attempt.answered(false);
      }
    }
    assertThat(observed).hasSize(4).containsOnly("btrue");
  }

  @Test
  void everyForwardIsCountedOnceAndKeptOverReRegistration() {
    register(fleet, "a");
    try (TrackedRequest attempt = at("a")) {
      now += 3_000_000;
      attempt.answered(true);
      attempt.transferred(100);
    }
    TrackedRequest twice = at("a");
    twice.failed(true);
    twice.answered(true);
    twice.close();
    twice.close();
    at("a").close();
    register(fleet);
    register(fleet, "a");
    Endpoint endpoint = fleet.member("a").orElseThrow();
    assertThat(endpoint.totals()).isEqualTo(new Endpoint.Totals(3, 1, 100));
    assertThat(endpoint.load().latencyMs(now)).isPositive();
    assertThat(forwards)
        .containsExactly(
            new ForwardListener.Forward("s", "a", 3_000_000, false, 100),
            new ForwardListener.Forward("s", "a", 0, true, 0));
  }

  @Test
  void totalsAreSharedWithoutCountingTwice() {
    register(fleet, "a");
    Endpoint endpoint = fleet.member("a").orElseThrow();
    at("a").close();
    Endpoint.Totals delta = endpoint.unflushed();
    at("a").close();
    endpoint.flushed(delta);
    endpoint.shared(new Endpoint.Totals(11, 2, 0));
    assertThat(endpoint.totals()).isEqualTo(new Endpoint.Totals(12, 2, 0));
  }

  private Fleet fleet(String zone) {
    return new Fleet(
        new FleetContext(zone, () -> now, new SharedRandom(1), List.of(), List.of(forwards::add)),
        StrategyName.ROUND_ROBIN);
  }

  private Pool pool() {
    return fleet.pool("s").orElseThrow();
  }

  private Health health(String id) {
    return fleet.member(id).orElseThrow().health(now);
  }

  private void probes(String id, Health health) {
    fleet.judge(id, new HealthCheckResult(health, 1, Optional.of(Instant.EPOCH)));
  }

  private void pass(int seconds) {
    now += seconds * SECOND;
    fleet.step();
  }

  private Set<String> chosen(int times) {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < times; i++) {
      try (TrackedRequest attempt = pool().begin(0)) {
        ids.add(attempt.instance().id());
      }
    }
    return ids;
  }

  private void fail(String id, int times) {
    for (int i = 0; i < times; i++) {
      answerOnce(id, false);
    }
  }

  private void answerOnce(String id, boolean ok) {
    TrackedRequest attempt = at(id);
    attempt.answered(ok);
    attempt.close();
  }

  /// An attempt at a certain instance, whether it is used at the moment or not.
  private TrackedRequest at(String id) {
    return new TrackedRequest(pool(), fleet.member(id).orElseThrow());
  }

  private static void register(Fleet fleet, String... ids) {
    fleet.apply(
        List.of(ids).stream().map(id -> instance(id, "", 1)).toList(), Map.of("s", ROUND_ROBIN));
  }

  private static Instance instance(String id, String zone, int weight) {
    return new Instance(
        instanceSpec(id, zone, weight), Source.API, Instant.EPOCH, Optional.empty());
  }

  private static Instance draining(String id) {
    return new Instance(
        instanceSpec(id, "", 1), Source.API, Instant.EPOCH, Optional.of(Instant.MAX));
  }

  private static InstanceSpec instanceSpec(String id, String zone, int weight) {
    return new InstanceSpec(id, "s", "localhost", 8001, "/health", weight, zone, "");
  }
}
