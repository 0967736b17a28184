package io.soilhub.scalability.balancing.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.fleet.FleetContext;
import io.soilhub.scalability.balancing.fleet.Health;
import io.soilhub.scalability.balancing.fleet.Policy;
import io.soilhub.scalability.balancing.strategies.SharedRandom;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.http.IfMatch;
import io.soilhub.scalability.platform.outbound.DnsCache;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two replicas' registries on one real PostgreSQL, stepped by hand.
class InstanceRegistryIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static Database database;
  private final Fleet here = fleet();
  private final Fleet there = fleet();
  private final InstanceRegistry one = registry(here, "");
  private final InstanceRegistry two = registry(there, "");

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
    for (InstanceRegistry registry : List.of(one, two)) {
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
    InstanceRegistry third = registry(young, "");
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
  void anIdIsFreeOnceItsInstanceHasDrained() {
    one.register(request("again", "f", 1));
    one.remove("again", 600);
    assertThatThrownBy(() -> one.register(request("again", "f", 2)))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.type()).isEqualTo("instance-exists"));
    drained("again");
    assertThat(two.register(request("again", "f", 2)).created()).isTrue();
    assertThat(two.view("again").weight()).isEqualTo(2);
    two.remove("again", 600);
    drained("again");
    assertThat(one.register(request("again", "f", 2)).created()).isTrue();
    assertThat(one.view("again").health()).isEqualTo(Health.UNKNOWN);
    one.remove("again", 0);
    assertThat(two.register(request("again", "f", 3)).created()).isTrue();
  }

  @Test
  void whoIsRegisteredIsKeptWhenNobodyElseFits() {
    one.register(request("resident", "g", 1));
    execute(
        """
        INSERT INTO instance
        SELECT 'crowd-' || i, 'crowd', 'localhost', 1, '/health', 1, '', '', now(), NULL
        FROM generate_series(1, %d) AS i
        """
            .formatted(InstanceStore.MOST_INSTANCES));
    try {
      assertThatThrownBy(() -> one.register(request("newcomer", "g", 1)))
          .isInstanceOfSatisfying(
              Problem.class, p -> assertThat(p.type()).isEqualTo("too-many-instances"));
      assertThat(one.register(request("resident", "g", 1)).created()).isFalse();
    } finally {
      execute("DELETE FROM instance WHERE service = 'crowd'");
    }
  }

  @Test
  void onlyTotalsThatChangedAreReadAgain() {
    one.register(request("quiet", "i", 1));
    send(here, "i", 1, true);
    one.step();
    one.step();
    execute(
        "UPDATE instance_traffic SET requests = 40, updated_at = now() - interval '1 hour'"
            + " WHERE instance_id = 'quiet'");
    one.step();
    assertThat(one.view("quiet").requests()).as("an old row is left alone").isEqualTo(1);
    two.step();
    assertThat(two.view("quiet").requests()).as("who is new to it reads it").isEqualTo(40);
    send(there, "i", 2, true);
    two.step();
    one.step();
    assertThat(one.view("quiet").requests()).as("a changed one is read").isEqualTo(42);
  }

  @Test
  void everyStatementHasATimeLimitThatEndsWithIt() {
    TimeLimitedTransactions timeLimitedTransactions = new TimeLimitedTransactions(database);
    int within = timeLimitedTransactions.inTransaction(Connection::getNetworkTimeout);
    int after = database.inTransaction(Connection::getNetworkTimeout);
    assertThat(within).isEqualTo(5000);
    assertThat(after).isNotEqualTo(within);
    String limit = timeLimitedTransactions.inTransaction(c -> text(c, "SHOW statement_timeout"));
    String none = database.inTransaction(c -> text(c, "SHOW statement_timeout"));
    assertThat(limit).isEqualTo("4s");
    assertThat(none).isEqualTo("0");
  }

  /// The table is locked until the end, so the step can only end by its time limit.
  @Test
  void whatAnswersFromMemoryDoesNotWaitForAHungStatement() {
    one.register(request("hung", "h", 1));
    AtomicReference<Problem> ended = new AtomicReference<>();
    database.inTransaction(
        connection -> {
          execute(connection, "LOCK TABLE instance IN ACCESS EXCLUSIVE MODE");
          Await.until("others answer while a step hangs", LIMIT, () -> answersMeanwhile(ended));
          return true;
        });
    assertThat(ended.get().kind()).isEqualTo(Problem.Kind.UNAVAILABLE);
    one.step();
  }

  private boolean answersMeanwhile(AtomicReference<Problem> ended) {
    Thread step =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    one.step();
                  } catch (Problem e) {
                    ended.set(e);
                  }
                });
    Await.until("the step hangs", LIMIT, () -> locksAwaited() > 0 || !step.isAlive());
    one.merge();
    one.policy("h");
    one.pool("h");
    boolean answered =
        one.view("hung").service().equals("h")
            && one.list("h", "", 10).size() == 1
            && one.choose("h", "key").instanceId().equals("hung");
    boolean meanwhile = step.isAlive();
    Await.until("the step ends", LIMIT, () -> !step.isAlive());
    return answered && meanwhile;
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
    InstanceRegistry registry = registry(fleet, "e/fixed=localhost:8001*3@east");
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
    InstanceRegistry off = new InstanceRegistry(database, here, List.of(), dnsCache(), false);
    assertThatThrownBy(() -> off.pool("default"))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.type()).isEqualTo("component-disabled"));
  }

  /// The time to drain is over, and nobody has looked since.
  private static void drained(String id) {
    execute(
        "UPDATE instance SET drain_until = now() - interval '1 s' WHERE instance_id = '%s'"
            .formatted(id));
  }

  private static long locksAwaited() {
    String sql = "SELECT count(*) FROM pg_locks WHERE NOT granted";
    return Long.parseLong(database.inTransaction(connection -> text(connection, sql)));
  }

  private static void execute(String sql) {
    database.inTransaction(connection -> execute(connection, sql));
  }

  private static boolean execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.execute(sql);
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
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
        new FleetContext("", Ticker.system(), new SharedRandom(1), List.of(), List.of()),
        StrategyName.ROUND_ROBIN);
  }

  private static InstanceRegistry registry(Fleet fleet, String configured) {
    Settings settings = Settings.from(Map.of("INSTANCES", configured));
    return new InstanceRegistry(
        database, fleet, List.of(StaticInstances.from(settings, Instant.EPOCH)), dnsCache(), true);
  }

  private static DnsCache dnsCache() {
    AllowedAddresses allowed = BalancingSettings.from(Settings.from(Map.of())).addresses();
    return new DnsCache(DnsCache.Lookup.SYSTEM, allowed, Duration.ofSeconds(5), Ticker.system());
  }
}
