package io.soilhub.scalability.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.fleet.Fleet;
import io.soilhub.scalability.fleet.Health;
import io.soilhub.scalability.fleet.Policy;
import io.soilhub.scalability.fleet.Surroundings;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.IfMatch;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.Ticker;
import io.soilhub.scalability.strategies.SharedRandom;
import io.soilhub.scalability.strategies.StrategyName;
import io.soilhub.scalability.testing.TestPostgres;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two replicas' registries on one real PostgreSQL, stepped by hand.
class RegistryIT {

  private static Database database;
  private final Fleet here = fleet();
  private final Fleet there = fleet();
  private final Registry one = registry(here, "");
  private final Registry two = registry(there, "");

  @BeforeAll
  static void open() {
    database = TestPostgres.open(TestPostgres.shared().newDatabase());
    database.migrate();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void whatOneRegistersTheOtherSeesAtItsNextStep() {
    assertThat(one.register(request("seen", "a", 1)).created()).isTrue();
    two.step();
    assertThat(two.view("seen").service()).isEqualTo("a");
    assertThat(two.register(request("seen", "a", 1)).created()).isFalse();
    assertThatThrownBy(() -> two.register(request("seen", "a", 2)))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.type()).isEqualTo("instance-exists"));
  }

  @Test
  void totalsOfBothAddUpAndSurviveRemoval() {
    one.register(request("busy", "b", 1));
    two.step();
    send(here, "b", 3, true);
    send(there, "b", 2, false);
    one.step();
    two.step();
    one.step();
    for (Registry registry : List.of(one, two)) {
      InstanceView view = registry.view("busy");
      assertThat(view.requests()).isEqualTo(5);
      assertThat(view.errors()).isEqualTo(2);
      assertThat(view.bytes()).isEqualTo(50);
    }
    one.remove("busy", 0);
    assertThatThrownBy(() -> one.view("busy")).hasMessageContaining("busy");
    one.register(request("busy", "b", 1));
    assertThat(one.view("busy").requests()).isEqualTo(5);
    Fleet young = fleet();
    Registry third = registry(young, "");
    third.step();
    assertThat(third.view("busy").requests()).isEqualTo(5);
  }

  @Test
  void aRemovedInstanceDrainsFirstAndCanBeKept() {
    one.register(request("leaving", "c", 1));
    one.remove("leaving", 600);
    two.step();
    assertThat(two.view("leaving").health()).isEqualTo(Health.DRAINING);
    assertThat(two.view("leaving").drainUntil()).isPresent();
    assertThat(two.register(request("leaving", "c", 1)).created()).isFalse();
    assertThat(two.view("leaving").health()).isEqualTo(Health.UNKNOWN);
    two.remove("leaving", 600);
    two.remove("leaving", 0);
    one.step();
    assertThat(here.pool("c")).isEmpty();
    assertThatThrownBy(() -> one.remove("leaving", 0))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.NOT_FOUND));
  }

  @Test
  void aPolicyIsChangedByOneAtATime() {
    one.register(request("ruled", "d", 1));
    assertThat(one.policy("d").version()).isZero();
    Policy wanted = Policy.of(StrategyName.ROUND_ROBIN);
    assertThat(one.replace("d", wanted, IfMatch.of("\"0\"")).version()).isEqualTo(1);
    two.step();
    assertThat(there.pool("d").orElseThrow().policy()).isEqualTo(wanted);
    assertThatThrownBy(() -> two.replace("d", wanted, IfMatch.of("\"0\"")))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.STALE));
    assertThat(two.replace("d", wanted, IfMatch.of("*")).version()).isEqualTo(2);
  }

  @Test
  void configuredInstancesAreThereWithoutPostgresAndCannotBeRemoved() {
    Fleet fleet = fleet();
    Registry registry = registry(fleet, "e/fixed=localhost:8001*3@east");
    registry.merge();
    assertThat(fleet.pool("e").orElseThrow().members()).hasSize(1);
    registry.step();
    assertThat(registry.view("fixed").zone()).isEqualTo("east");
    assertThatThrownBy(() -> registry.remove("fixed", 0))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.type()).isEqualTo("instance-of-configuration"));
    assertThatThrownBy(() -> registry.register(request("fixed", "e", 1)))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.type()).isEqualTo("instance-exists"));
  }

  @Test
  void turnedOffItSaysSo() {
    Registry off = new Registry(new InstanceRecords(database), here, List.of(), addresses(), false);
    assertThatThrownBy(() -> off.pool("default"))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.type()).isEqualTo("component-disabled"));
  }

  private static void send(Fleet fleet, String service, int times, boolean ok) {
    for (int i = 0; i < times; i++) {
      try (var attempt = fleet.pool(service).orElseThrow().begin(0)) {
        attempt.answered(ok);
        attempt.transferred(10);
      }
    }
  }

  private static InstanceRequest request(String id, String service, int weight) {
    return new InstanceRequest(id, "localhost", 8001, null, weight, service, null, null);
  }

  private static Fleet fleet() {
    return new Fleet(
        new Surroundings("", Ticker.system(), new SharedRandom(1), List.of(), List.of()),
        StrategyName.ROUND_ROBIN);
  }

  private static Registry registry(Fleet fleet, String configured) {
    Settings settings = Settings.from(Map.of("INSTANCES", configured));
    return new Registry(
        new InstanceRecords(database),
        fleet,
        List.of(StaticInstances.from(settings, Instant.EPOCH)),
        addresses(),
        true);
  }

  private static AllowedAddresses addresses() {
    return AllowedAddresses.from(
        Settings.from(Map.of()), "INSTANCE_ALLOWED_CIDRS", AllowedAddresses.DEFAULT);
  }
}
