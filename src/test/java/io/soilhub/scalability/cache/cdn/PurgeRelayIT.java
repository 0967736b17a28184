package io.soilhub.scalability.cache.cdn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The outbox on a real PostgreSQL and the relay before a CDN that fails as told. Time passes by
/// moving the rows back, so that nothing waits.
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class PurgeRelayIT {

  private static final Duration AGAIN = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final double FAST = 1_000;

  private static final String SERVER = "cdn";

  private Database database;
  private PurgeOutbox outbox;
  private Purges purges;
  private final CdnDouble cdn = new CdnDouble();

  @BeforeEach
  void open() {
    database = TestPostgres.open(TestPostgres.shared().newDatabase());
    database.migrate();
    outbox = new PurgeOutbox(database, List.of(SERVER));
    purges = new Purges(Optional.of(outbox), 2);
  }

  @AfterEach
  void close() {
    database.close();
    cdn.close();
  }

  @Test
  void aTagIsPurgedAtOnceAndAgainAfterAWhile() {
    PurgeRelay relay = relay();
    purges.of(Set.of("variety"));

    relay.step();
    relay.step();
    assertThat(purged()).containsExactly(Set.of(SurrogateKey.id("variety")));
    assertThat(purges.statistics().pending()).isEqualTo(1);

    pass(AGAIN);
    relay.step();
    assertThat(purged()).hasSize(2).containsOnly(Set.of(SurrogateKey.id("variety")));
    assertThat(purges.statistics()).isEqualTo(new CdnStatistics(0, 2, 0, Duration.ZERO));

    pass(AGAIN);
    relay.step();
    assertThat(purged()).hasSize(2);
  }

  @Test
  void theSecondPurgeIsCountedFromTheFirstAndNotFromTheChange() {
    cdn.then(500);
    PurgeRelay relay = relay();
    purges.of(Set.of("variety"));
    pass(AGAIN);
    relay.step();
    pass(Duration.ofSeconds(1));

    relay.step();
    relay.step();
    assertThat(purged()).hasSize(2);
    pass(AGAIN);
    relay.step();
    assertThat(purged()).hasSize(3);
  }

  @Test
  void aChangeThatIsRolledBackPurgesNothing() {
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    connection -> {
                      purges.of(connection, Set.of("variety"));
                      throw new IllegalStateException("rolled back");
                    }))
        .hasMessage("rolled back");
    relay().step();
    assertThat(purged()).isEmpty();

    database.inTransaction(
        connection -> {
          purges.of(connection, Set.of("variety"));
          relay().step();
          assertThat(purged()).as("not before it is committed").isEmpty();
          return null;
        });
    relay().step();
    assertThat(purged()).hasSize(1);
  }

  @Test
  void manyTagsGoInBatches() {
    Set<String> tags = tags(250);
    purges.of(tags);

    relay().step();

    assertThat(purged()).extracting(Set::size).containsExactly(100, 100, 50);
    assertThat(allPurged()).containsExactlyInAnyOrderElementsOf(ids(tags));
  }

  @Test
  void aTagThatIsNamedOftenIsPurgedOnce() {
    for (int i = 0; i < 300; i++) {
      purges.of(Set.of("variety", "crop:" + i % 3));
    }

    relay().step();
    assertThat(purged()).hasSize(1).first().satisfies(ids -> assertThat(ids).hasSize(4));
    pass(AGAIN);
    relay().step();
    assertThat(purged()).hasSize(2);
    assertThat(purges.statistics().pending()).isZero();
  }

  @Test
  void allReplicasTogetherKeepThePace() {
    PurgeRelay one = relay(0.05);
    PurgeRelay other = relay(0.05);
    purges.of(tags(250));

    one.step();
    other.step();
    assertThat(purged()).hasSize(1);
    pass(Duration.ofSeconds(20));
    other.step();
    one.step();
    assertThat(purged()).hasSize(2);
  }

  @Test
  void afterARestOneSecondsRequestsGoAtOnce() {
    pass(Duration.ofHours(1));
    purges.of(tags(900));

    relay(4).step();

    assertThat(purged()).hasSizeBetween(4, 8);
  }

  @Test
  void nobodyAsksAgainBeforeTheCdnWantsIt() {
    cdn.then(429, Map.of("Retry-After", "30"));
    PurgeRelay one = relay();
    PurgeRelay other = relay();
    purges.of(Set.of("a"));
    one.step();
    purges.of(Set.of("b"));

    pass(Duration.ofSeconds(25));
    one.step();
    other.step();
    assertThat(purged()).hasSize(1);

    pass(Duration.ofSeconds(5));
    other.step();
    assertThat(purged()).hasSize(2).last().isEqualTo(ids(Set.of("a", "b")));
    assertThat(purges.statistics().delivered()).isEqualTo(2);
  }

  @Test
  void pausesDoubleWhileTheCdnFailsAndBeginAnewAfterwards() {
    cdn.then(500).then(503).thenHangs().then(200).then(500);
    PurgeRelay relay = relay();
    purges.of(Set.of("a"));

    relay.step();
    for (int seconds : new int[] {1, 2, 4}) {
      int before = purged().size();
      relay.step();
      assertThat(purged()).as("before %d s", seconds).hasSize(before);
      pass(Duration.ofSeconds(seconds));
      relay.step();
      assertThat(purged()).as("after %d s", seconds).hasSize(before + 1);
    }
    purges.of(Set.of("b"));
    relay.step();
    assertThat(purged()).hasSize(5);
    pass(Duration.ofSeconds(1));
    relay.step();
    assertThat(purged()).hasSize(6);
  }

  @Test
  void aReplicaThatDiesBetweenPurgeAndDeletePurgesTwiceAndNeverNot() {
    CdnClient live = cdnClient();
    PurgeRelay dying =
        new PurgeRelay(
            outbox,
            SERVER,
            ids -> {
              live.purge(ids);
              throw new Death();
            },
            new PurgeRateLimiter(FAST),
            AGAIN,
            LONGEST);
    PurgeRelay other = relay();
    purges.of(Set.of("a"));

    assertThatThrownBy(dying::step).isInstanceOf(Death.class);
    other.step();
    assertThat(purged()).as("the lease holds").hasSize(1);

    pass(PurgeRelay.LEASE);
    other.step();
    assertThat(purged()).hasSize(2);
    pass(AGAIN);
    other.step();
    assertThat(purged()).hasSize(3);
    assertThat(purges.statistics()).isEqualTo(new CdnStatistics(0, 2, 0, Duration.ZERO));
  }

  @Test
  void aReplicaThatDiesBeforeThePurgeLosesNothing() {
    PurgeRelay dying =
        new PurgeRelay(
            outbox,
            SERVER,
            _ -> {
              throw new Death();
            },
            new PurgeRateLimiter(FAST),
            AGAIN,
            LONGEST);
    purges.of(Set.of("a"));
    assertThatThrownBy(dying::step).isInstanceOf(Death.class);

    pass(PurgeRelay.LEASE);
    relay().step();

    assertThat(purged()).containsExactly(ids(Set.of("a")));
  }

  @Test
  void replicasSideBySideSendEachTagOnceARound() throws Exception {
    Set<String> tags = tags(2_000);
    purges.of(tags);
    try (ExecutorService replicas = Executors.newFixedThreadPool(4)) {
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        PurgeRelay relay = relay(100_000);
        work.add(
            replicas.submit(
                () -> {
                  for (int step = 0; step < 20; step++) {
                    relay.step();
                  }
                }));
      }
      for (Future<?> one : work) {
        one.get(30, TimeUnit.SECONDS);
      }
    }

    assertThat(allPurged()).containsExactlyInAnyOrderElementsOf(ids(tags));
    assertThat(purges.statistics().delivered()).isEqualTo(2_000);
  }

  @Test
  void whatTheCdnNeverConfirmsIsCountedAndKept() {
    PurgeRelay relay = relay();
    purges.of(Set.of("a", "b"));
    fail(relay, PurgeRelay.FEWEST_ATTEMPTS - 1, Duration.ofSeconds(60));
    assertThat(purges.statistics().failed()).isZero();
    fail(relay, 1, Duration.ofSeconds(60));

    assertThat(purged()).hasSize(PurgeRelay.FEWEST_ATTEMPTS);
    assertThat(purges.statistics()).isEqualTo(new CdnStatistics(0, 0, 2, Duration.ZERO));
    relay.step();
    assertThat(purged()).as("not asked for any more").hasSize(PurgeRelay.FEWEST_ATTEMPTS);
  }

  @Test
  void aPurgeIsNotGivenUpWhileTheCdnMayStillHaveTheAnswer() {
    PurgeRelay patient =
        new PurgeRelay(
            outbox, SERVER, cdnClient(), new PurgeRateLimiter(FAST), AGAIN, Duration.ofDays(1));
    purges.of(Set.of("a"));
    fail(patient, 2 * PurgeRelay.FEWEST_ATTEMPTS, Duration.ofSeconds(60));
    assertThat(purges.statistics().failed()).isZero();

    patient.step();

    assertThat(purges.statistics().delivered()).isEqualTo(1);
  }

  private void fail(PurgeRelay relay, int times, Duration pause) {
    for (int i = 0; i < times; i++) {
      cdn.then(401);
      relay.step();
      pass(pause);
    }
  }

  @Test
  void whatWasGivenUpLongAgoIsForgottenWhenMoreFails() {
    PurgeRelay relay = relay();
    update("INSERT INTO edge_purge (tag, rounds, failed_at) VALUES ('old', 1, now())");
    update("INSERT INTO edge_purge (tag, rounds, failed_at) VALUES ('new', 1, now())");
    update("UPDATE edge_purge SET failed_at = now() - interval '8 days' WHERE tag = 'old'");
    cdn.then(500);
    purges.of(Set.of("a"));

    relay.step();

    assertThat(purges.statistics().failed()).isEqualTo(1);
  }

  @Test
  void aDeadServerKeepsNoPurgeFromTheOthers() {
    try (CdnDouble dead = new CdnDouble()) {
      PurgeRelay[] relays = relaysOf(cdn, dead);
      dead.then(503);
      purges.of(Set.of("a"));
      step(relays);
      // so that the machine may stand still
      update("UPDATE edge_server SET free_at = free_at + interval '10 minutes' WHERE failures > 0");
      purges.of(Set.of("b"));
      step(relays);
      assertThat(allPurged()).containsExactlyInAnyOrderElementsOf(ids(Set.of("a", "b")));
      assertThat(dead.calls()).as("left alone for a while").hasSize(1);

      update("UPDATE edge_server SET free_at = free_at - interval '10 minutes' WHERE failures > 0");
      pass(Duration.ofSeconds(1));
      step(relays);
      assertThat(tags(dead.calls().getLast())).isEqualTo(ids(Set.of("a", "b")));
      assertThat(allPurged()).as("not sent again to who has confirmed").hasSize(2);
      pass(AGAIN);
      step(relays);
      assertThat(purges.statistics()).isEqualTo(new CdnStatistics(0, 8, 0, Duration.ZERO));
    }
  }

  @Test
  void aServerThatHangsKeepsNoPurgeFromTheOthers() throws Exception {
    try (CdnDouble hanging = new CdnDouble();
        ExecutorService threads = Executors.newFixedThreadPool(1)) {
      PurgeRelay[] relays = relaysOf(cdn, hanging);
      hanging.thenHangs();
      purges.of(Set.of("a"));
      Future<?> waiting = threads.submit(relays[1]::step);
      Await.until("it is asked", Duration.ofSeconds(10), () -> !hanging.calls().isEmpty());

      relays[0].step();

      assertThat(allPurged()).containsExactlyElementsOf(ids(Set.of("a")));
      waiting.get(30, TimeUnit.SECONDS);
    }
  }

  /// They take it as one for all servers, and it is worth no less.
  @Test
  void whatAReplicaOfTheVersionBeforeNamedGoesToEachServer() {
    try (CdnDouble other = new CdnDouble()) {
      PurgeRelay[] relays = relaysOf(cdn, other);
      update("INSERT INTO edge_purge (tag, rounds, attempts) VALUES ('a', 1, 3)");
      // the second round of one, which that replica left
      update(
          """
          INSERT INTO edge_purge (tag, rounds, attempts, due_at)
          VALUES ('b', 1, 0, now() + interval '1 hour')
          """);

      step(relays);

      assertThat(allPurged()).containsExactlyElementsOf(ids(Set.of("a")));
      assertThat(other.calls()).hasSize(1);
    }
  }

  @Test
  void theServerThatIsTakenAwayLeavesNothingBehind() {
    try (CdnDouble removed = new CdnDouble()) {
      PurgeRelay[] both = relaysOf(cdn, removed);
      removed.then(503);
      purges.of(Set.of("a"));
      step(both);
      pass(LONGEST.plusSeconds(1));

      PurgeRelay[] one = relaysOf(cdn);
      step(one);

      assertThat(purges.statistics().pending()).isZero();
    }
  }

  private PurgeRelay[] relaysOf(CdnDouble... servers) {
    List<String> names = Arrays.stream(servers).map(server -> server.uri("").toString()).toList();
    PurgeOutbox rows = new PurgeOutbox(database, names);
    return Arrays.stream(servers)
        .map(
            server ->
                new PurgeRelay(
                    rows,
                    server.uri("").toString(),
                    cdnClient(server),
                    new PurgeRateLimiter(FAST),
                    AGAIN,
                    LONGEST))
        .toArray(PurgeRelay[]::new);
  }

  private static void step(PurgeRelay... relays) {
    for (PurgeRelay relay : relays) {
      relay.step();
    }
  }

  @Test
  void statisticsNameTheOldestThatWaits() {
    purges.of(Set.of("a"));
    pass(Duration.ofMinutes(5));
    purges.of(Set.of("b", "c"));

    CdnStatistics statistics = purges.statistics();

    assertThat(statistics.pending()).isEqualTo(3);
    assertThat(statistics.oldestAge()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
  }

  @Test
  void withoutACdnNothingIsWritten() {
    Purges none = Purges.none();
    none.of(Set.of("a"));
    database.inTransaction(
        connection -> {
          none.of(connection, Set.of("a"));
          return null;
        });

    assertThat(none.statistics()).isEqualTo(CdnStatistics.NONE);
    assertThat(purges.statistics().pending()).isZero();
  }

  /// SIGKILL, as far as a database and a CDN can tell: nothing runs after it.
  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  private PurgeRelay relay() {
    return relay(FAST);
  }

  private PurgeRelay relay(double perSecond) {
    return new PurgeRelay(
        outbox, SERVER, cdnClient(), new PurgeRateLimiter(perSecond), AGAIN, LONGEST);
  }

  private CdnClient cdnClient() {
    return cdnClient(cdn);
  }

  private static CdnClient cdnClient(CdnDouble server) {
    CdnSettings.Target target =
        new CdnSettings.Target(
            CdnProvider.VARNISH, List.of(server.uri("")), Optional.empty(), false);
    return CdnWiring.cdnClient(
        target, new PurgeHttpClient(Clock.systemUTC(), Duration.ofSeconds(1)));
  }

  /// The tags of each request, by their names at the CDN.
  private List<Set<String>> purged() {
    return cdn.calls().stream().map(PurgeRelayIT::tags).toList();
  }

  private static Set<String> tags(CdnDouble.Call call) {
    return Set.of(call.header("xkey-purge").orElseThrow().split(" "));
  }

  private List<String> allPurged() {
    return purged().stream().flatMap(Set::stream).toList();
  }

  private static Set<String> tags(int count) {
    return IntStream.range(0, count).mapToObj(i -> "tag:" + i).collect(Collectors.toSet());
  }

  private static Set<String> ids(Set<String> tags) {
    return tags.stream().map(SurrogateKey::id).collect(Collectors.toSet());
  }

  /// For the tables of this package, time passes.
  private void pass(Duration time) {
    String by = " - interval '" + time.toMillis() + " ms'";
    update(
        "UPDATE edge_purge SET due_at = due_at%1$s, created_at = created_at%1$s,".formatted(by)
            + " failed_at = failed_at"
            + by);
    update("UPDATE edge_server SET free_at = free_at" + by);
  }

  private void update(String sql) {
    database.inTransaction(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return statement.executeUpdate();
          }
        });
  }
}
