package io.soilhub.scalability.balancing.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.soilhub.scalability.balancing.fleet.Instance.Source;
import io.soilhub.scalability.balancing.strategies.Candidates;
import io.soilhub.scalability.balancing.strategies.SharedRandom;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import io.soilhub.scalability.platform.core.Hashing;
import io.soilhub.scalability.platform.core.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a pool keeps from one second to the next, and what it asks of its guards.
class PoolTest {

  private static final long SECOND = 1_000_000_000L;

  private long now = SECOND;
  private final List<String> asked = new ArrayList<>();
  private final List<String> observed = new ArrayList<>();

  private final InstanceGuard guard =
      new InstanceGuard() {
        @Override
        public boolean allows(String service, String instanceId) {
          asked.add(instanceId);
          return !instanceId.equals("a");
        }

        @Override
        public void observed(String service, String instanceId, long nanos, boolean failed) {
          observed.add(instanceId);
        }
      };

  private final Fleet fleet =
      new Fleet(
          new FleetContext("", () -> now, new SharedRandom(1), List.of(guard), List.of()),
          StrategyName.ROUND_ROBIN);

  @Test
  void candidatesStayUntilSomethingChanges() {
    register(1, "a", "b");
    pass(60);
    Candidates settled = candidates();
    pass(1);
    register(1, "a", "b");
    assertThat(candidates()).isSameAs(settled);
    register(2, "a", "b");
    Candidates heavier = candidates();
    assertThat(heavier).isNotSameAs(settled);
    fleet.judge("b", new HealthCheckResult(Health.UNHEALTHY, 1, Optional.of(Instant.EPOCH)));
    assertThat(candidates().size()).isEqualTo(1);
    fleet.judge("b", new HealthCheckResult(Health.HEALTHY, 1, Optional.of(Instant.EPOCH)));
    pass(10);
    Candidates back = candidates();
    pass(1);
    assertThat(candidates()).as("a slow start moves on").isNotSameAs(back);
  }

  @Test
  void guardsAreAskedAlsoAboutWhoGetsNothing() {
    register(1, "a", "b", "c");
    pool().explain(0);
    assertThat(asked).as("an explanation does not ask").isEmpty();
    try (TrackedRequest first = pool().begin(0)) {
      assertThat(first.instance().id()).isEqualTo("b");
      assertThat(asked).containsExactly("a", "a", "b");
      first.answered(true);
    }
    pool().begin(0).close();
    assertThat(observed).as("the second caller went away first").containsExactly("b");
  }

  @Test
  void totalsNeverLackWhatIsJustHandedOver() {
    register(1, "b");
    pool().begin(0).close();
    Endpoint endpoint = fleet.member("b").orElseThrow();
    endpoint.flushed(endpoint.unflushed());
    assertThat(endpoint.totals().requests()).isEqualTo(1);
    assertThat(endpoint.unflushed()).isEqualTo(Endpoint.Totals.NONE);
  }

  /// A session's requests come together, and its state is at one instance.
  @Test
  void callersOfOneKeyReachOneInstanceByDefault() {
    Policy policy = Policy.of(StrategyName.CONSISTENT_HASH);
    register(policy, 1, "b", "c", "d", "e");
    Set<String> reached = new HashSet<>();
    for (int caller = 0; caller < 8; caller++) {
      reached.add(pool().begin(Hashing.hash("session-7")).instance().id());
    }
    assertThat(reached).hasSize(1);
  }

  @Test
  void aPolicyWithoutABoundIsReadByReplicasThatWantOne() throws JsonProcessingException {
    assertThat(Json.write(Policy.of(StrategyName.CONSISTENT_HASH)))
        .doesNotContain("bounded_load")
        .contains("hash_on");
    assertThat(read("{\"bounded_load\":0}").boundedLoad()).isZero();
    assertThat(Json.write(read("{\"bounded_load\":1.25}"))).contains("\"bounded_load\":1.25");
    assertThatThrownBy(() -> read("{\"bounded_load\":1}")).hasMessageContaining("bounded_load");
  }

  private static Policy read(String json) throws JsonProcessingException {
    return Json.mapper().readValue(json, Policy.class);
  }

  private Pool pool() {
    return fleet.pool("s").orElseThrow();
  }

  private Candidates candidates() {
    return pool().poolSnapshot().candidates();
  }

  private void pass(int seconds) {
    now += seconds * SECOND;
    fleet.step();
  }

  private void register(int weight, String... ids) {
    register(Policy.of(StrategyName.ROUND_ROBIN), weight, ids);
  }

  private void register(Policy policy, int weight, String... ids) {
    List<Instance> all = new ArrayList<>();
    for (String id : ids) {
      InstanceSpec instanceSpec =
          new InstanceSpec(id, "s", "localhost", 8001, "/health", weight, "", "");
      all.add(new Instance(instanceSpec, Source.API, Instant.EPOCH, Optional.empty()));
    }
    fleet.apply(all, Map.of("s", policy));
  }
}
