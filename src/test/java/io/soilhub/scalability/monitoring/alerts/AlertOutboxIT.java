package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.notifications.Delivery;
import io.soilhub.scalability.jobs.notifications.Delivery.Delivered;
import io.soilhub.scalability.jobs.notifications.Delivery.Failed;
import io.soilhub.scalability.monitoring.alerts.NotificationDelivery.Owed;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Delivery from a real PostgreSQL. Time passes by moving the rows back, so that nothing waits.
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class AlertOutboxIT {

  private static final Set<String> BOTH = Set.of("webhook", "email");
  private static final Delivery TAKEN = new Delivered(OptionalInt.of(200));

  /// For which the machine may stand still within a test.
  private static final Duration STALL = Duration.ofMinutes(10);

  private static final Delivery AWAY = new Failed("WEBHOOK_FAILED", "503");

  private final Uuid7 ids = new Uuid7(Clock.systemUTC(), new Random(7));
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final List<UUID> sentIds = new CopyOnWriteArrayList<>();
  private Database database;
  private AlertOutbox outbox;

  @BeforeEach
  void open() {
    database = TestPostgres.open(TestPostgres.shared().newDatabase());
    database.migrate();
    outbox = new AlertOutbox(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void anotherReplicaGoesOnWhereOneFailed() {
    owe("webhook", "backlog", "firing");
    owe("webhook", "backlog", "resolved");
    replica(BOTH, AWAY).step(true);
    pass(STALL.negated());
    replica(BOTH, TAKEN).step(true);
    assertThat(sent).as("not before its time, and not past it").containsExactly("firing");
    pass(STALL.plus(NotificationDelivery.pause(1)));
    replica(BOTH, TAKEN).step(true);
    assertThat(sent).containsExactly("firing", "firing", "resolved");
    assertThat(sentIds.get(1)).isEqualTo(sentIds.getFirst());
    assertThat(rows()).isZero();
  }

  @Test
  void whatASenderLeftWhenItDiedIsSentAgainUnderItsId() {
    owe("webhook", "backlog", "firing");
    assertThat(outbox.claim("webhook", Duration.ZERO)).isPresent();
    replica(BOTH, TAKEN).step(true);
    assertThat(sent).as("it may still be sending").isEmpty();
    pass(NotificationDelivery.LEASE);
    replica(BOTH, TAKEN).step(true);
    assertThat(sent).containsExactly("firing");
  }

  @Test
  void whatTheLeaderHasNoChannelForAnotherSends() {
    owe("email:a@x.org", "backlog", "firing");
    pass(STALL.negated());
    NotificationDelivery leader = replica(Set.of("webhook"), TAKEN);
    NotificationDelivery other = replica(BOTH, TAKEN);
    leader.step(true);
    other.step(false);
    assertThat(sent).as("it is the leader's turn").isEmpty();
    pass(STALL.plus(NotificationDelivery.TAKEOVER));
    leader.step(true);
    other.step(false);
    assertThat(sent).containsExactly("firing");
  }

  /// Those of a version that makes a job of each notice.
  @Test
  void rowsOfTheVersionBeforeAreSent() {
    UUID id = ids.next();
    String webhook =
        """
        {"channel":"webhook","target":"alerts","subject":"old","message":"m",
         "data":{"rule":"backlog"}}
        """;
    insert(id, webhook);
    insert(ids.next(), "{\"channel\":\"email\",\"to\":\"a@x.org\",\"subject\":\"mail\"}");
    replica(BOTH, TAKEN).step(true);
    assertThat(sent).containsExactlyInAnyOrder("old", "mail");
    assertThat(sentIds).contains(id);
    assertThat(rows()).isZero();
  }

  @Test
  void newsOfYesterdayIsDroppedAndSoAreTheOldestOfTooMany() {
    owe("webhook", "backlog", "old");
    update("UPDATE alert_outbox SET added_at = added_at - interval '25 h'");
    owe("webhook", "backlog", "new");
    replica(BOTH, TAKEN).step(true);
    assertThat(sent).containsExactly("new");
    update(
        """
        INSERT INTO alert_outbox (outbox_id, receiver, rule, payload)
        SELECT gen_random_uuid(), 'email:a@x.org', 'backlog', '{"subject":"' || i || '"}'
        FROM generate_series(1, 10001) AS i
        """);
    sent.clear();
    replica(Set.of("email"), AWAY).step(true);
    assertThat(sent).containsExactly("2");
    assertThat(rows()).isEqualTo(10_000);
  }

  @Test
  void aClockThatWasSetBackDelaysNothing() {
    owe("webhook", "backlog", "firing");
    update("UPDATE alert_outbox SET next_try_at = now() + interval '1 year'");
    replica(BOTH, TAKEN).step(true);
    assertThat(sent).containsExactly("firing");
  }

  @Test
  void replicasThatSendAtTheSameTimeSendEachOnceAndInOrder() {
    for (int i = 0; i < 200; i++) {
      owe(i % 2 == 0 ? "webhook" : "email:a@x.org", "rule" + i % 5, "" + i);
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<NotificationDelivery> replicas =
          IntStream.range(0, 3)
              .mapToObj(_ -> new NotificationDelivery(outbox, sender(TAKEN), BOTH, threads))
              .toList();
      Await.until(
          "all are sent",
          Duration.ofSeconds(30),
          () -> {
            replicas.forEach(replica -> replica.step(true));
            return rows() == 0;
          });
    }
    assertThat(sent).hasSize(200).doesNotHaveDuplicates();
    for (int lane = 0; lane < 10; lane++) {
      int mine = lane;
      assertThat(sent.stream().map(Integer::valueOf).filter(i -> i % 10 == mine)).isSorted();
    }
  }

  @Test
  void aReceiverThatHangsDelaysNobodyElse() throws InterruptedException {
    CountDownLatch hangs = new CountDownLatch(1);
    Set<String> reached = ConcurrentHashMap.newKeySet();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      NotificationDelivery delivery =
          new NotificationDelivery(
              outbox,
              (_, message) -> {
                String subject = message.path("subject").asText();
                reached.add(subject);
                if (subject.equals("hangs")) {
                  hangs.await();
                }
                return TAKEN;
              },
              BOTH,
              threads);
      owe("webhook", "backlog", "hangs");
      owe("email:a@x.org", "backlog", "told");
      delivery.step(true);
      Await.until(
          "the other is told",
          Duration.ofSeconds(20),
          () -> reached.containsAll(Set.of("hangs", "told")) && rows() == 1);
      hangs.countDown();
    }
    assertThat(rows()).isZero();
  }

  private NotificationDelivery replica(Set<String> channels, Delivery answer) {
    return new NotificationDelivery(
        new AlertOutbox(database), sender(answer), channels, Runnable::run);
  }

  private NotificationDelivery.Sender sender(Delivery answer) {
    return (id, message) -> {
      sentIds.add(id);
      sent.add(message.path("subject").asText());
      return answer;
    };
  }

  private void owe(String receiver, String rule, String subject) {
    ObjectNode message = Json.object().put("subject", subject);
    database.inTransaction(
        connection -> {
          AlertOutbox.add(connection, List.of(new Owed(ids.next(), receiver, rule, message)));
          return null;
        });
  }

  private void insert(UUID id, String payload) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                "INSERT INTO alert_outbox (outbox_id, payload) VALUES (?, ?)",
                id,
                payload));
  }

  private void pass(Duration time) {
    update(
        "UPDATE alert_outbox SET next_try_at = next_try_at - %d * interval '1 ms'"
            .formatted(time.toMillis()));
  }

  private int rows() {
    return database.inStatement(
        connection ->
            Sql.read(connection, "SELECT count(*) FROM alert_outbox", row -> row.getInt(1))
                .getFirst());
  }

  private void update(String sql) {
    database.inTransaction(connection -> Sql.update(connection, sql));
  }
}
