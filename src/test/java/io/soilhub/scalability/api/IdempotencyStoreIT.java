package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdempotencyStoreIT {

  private static final byte[] BODY = IdempotencyFilter.fingerprint("/jobs?null", new byte[] {1});
  private static final byte[] OTHER = IdempotencyFilter.fingerprint("/jobs?null", new byte[] {2});
  private static final IdempotencyStore.Answer ANSWER =
      new IdempotencyStore.Answer(202, Map.of("Location", "/jobs/1"), new byte[] {'{', '}'});

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static Database database;
  private IdempotencyStore requests;
  private IdempotencyStore.Request request;

  @BeforeAll
  static void open() {
    database = TestPostgres.open(TestPostgres.shared().newDatabase());
    database.migrate();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void aNewKey() {
    requests = new IdempotencyStore(database);
    request = new IdempotencyStore.Request("anna", UUID.randomUUID().toString(), BODY);
  }

  @Test
  void theAnswerIsRepeated() {
    IdempotencyStore.Turn.First first = first();
    requests.finish(request, first.lockId(), ANSWER);
    assertThat(begin(request))
        .isInstanceOfSatisfying(
            IdempotencyStore.Turn.Repeat.class,
            repeat -> {
              assertThat(repeat.answer().status()).isEqualTo(202);
              assertThat(repeat.answer().headers()).isEqualTo(ANSWER.headers());
              assertThat(repeat.answer().body()).isEqualTo(ANSWER.body());
            });
  }

  @Test
  void oneOfManyAtOnceIsTheFirst() throws Exception {
    Callable<IdempotencyStore.Turn> begin = () -> begin(request);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<IdempotencyStore.Turn>> all =
          IntStream.range(0, 40).mapToObj(_ -> begin).toList();
      int firsts = 0;
      for (Future<IdempotencyStore.Turn> turn : threads.invokeAll(all)) {
        switch (turn.get()) {
          case IdempotencyStore.Turn.First _ -> firsts++;
          case IdempotencyStore.Turn.Running _ -> {}
          case IdempotencyStore.Turn other -> throw new AssertionError(other.toString());
        }
      }
      assertThat(firsts).isEqualTo(1);
    }
  }

  @Test
  void aDeadReplicasRequestIsTakenOverAsTheSameOperation() {
    IdempotencyStore.Turn.First dead = first();
    assertThat(begin(request)).isInstanceOf(IdempotencyStore.Turn.Running.class);
    let("locked_until", "15 seconds");
    IdempotencyStore.Turn.First next = first();
    assertThat(next.operationId()).isEqualTo(dead.operationId());

    requests.finish(request, dead.lockId(), new IdempotencyStore.Answer(500, Map.of(), BODY));
    assertThat(begin(request)).isInstanceOf(IdempotencyStore.Turn.Running.class);
    requests.finish(request, next.lockId(), ANSWER);
    assertThat(begin(request)).isInstanceOf(IdempotencyStore.Turn.Repeat.class);
  }

  @Test
  void aReleasedRequestMayBeTriedAgainAtOnce() {
    IdempotencyStore.Turn.First failed = first();
    requests.release(request, failed.lockId());
    assertThat(first().operationId()).isEqualTo(failed.operationId());
  }

  @Test
  void aRefusedRequestMayBeCorrectedUnderItsKey() {
    IdempotencyStore.Turn.First refused = first();
    requests.refuse(request, refused.lockId());
    IdempotencyStore.Request corrected =
        new IdempotencyStore.Request(request.caller(), request.key(), OTHER);
    IdempotencyStore.Turn.First done = (IdempotencyStore.Turn.First) begin(corrected);
    assertThat(done.operationId()).isNotEqualTo(refused.operationId());
    assertThat(begin(request)).isInstanceOf(IdempotencyStore.Turn.OtherRequest.class);
    requests.finish(corrected, done.lockId(), ANSWER);
    assertThat(begin(corrected)).isInstanceOf(IdempotencyStore.Turn.Repeat.class);
    assertThat(begin(request)).isInstanceOf(IdempotencyStore.Turn.OtherRequest.class);
  }

  @Test
  void aRefusedRequestThatIsRepeatedIsTheSameOperation() {
    IdempotencyStore.Turn.First lost = first();
    let("locked_until", "15 seconds");
    IdempotencyStore.Turn.First refused = first();
    requests.refuse(request, refused.lockId());
    assertThat(first().operationId()).isEqualTo(lost.operationId());
  }

  @Test
  void whoLostItsLockCannotFreeTheKey() {
    IdempotencyStore.Turn.First slow = first();
    let("locked_until", "15 seconds");
    first();
    requests.refuse(request, slow.lockId());
    assertThat(begin(request)).isInstanceOf(IdempotencyStore.Turn.Running.class);
  }

  @Test
  void anotherBodyIsAnotherRequest() {
    IdempotencyStore.Turn.First running = first();
    IdempotencyStore.Request other =
        new IdempotencyStore.Request(request.caller(), request.key(), OTHER);
    assertThat(begin(other)).isInstanceOf(IdempotencyStore.Turn.OtherRequest.class);
    let("locked_until", "15 seconds");
    assertThat(begin(other)).isInstanceOf(IdempotencyStore.Turn.OtherRequest.class);
    requests.finish(request, running.lockId(), ANSWER);
    assertThat(begin(other)).isInstanceOf(IdempotencyStore.Turn.OtherRequest.class);
  }

  @Test
  void anotherCallerHasKeysOfItsOwn() {
    first();
    assertThat(begin(new IdempotencyStore.Request("bob", request.key(), OTHER)))
        .isInstanceOf(IdempotencyStore.Turn.First.class);
  }

  @Test
  void afterADayTheKeyIsFree() {
    IdempotencyStore.Turn.First old = first();
    requests.finish(request, old.lockId(), ANSWER);
    let("expires_at", "24 hours");
    assertThat(first().operationId()).isNotEqualTo(old.operationId());
  }

  @Test
  void expiredKeysAreForgottenAndOthersKept() {
    IdempotencyStore.Turn.First old = first();
    requests.finish(request, old.lockId(), ANSWER);
    let("expires_at", "24 hours");
    IdempotencyStore.Request kept = new IdempotencyStore.Request("anna", "kept", BODY);
    begin(kept);
    assertThat(requests.forgetExpired()).isPositive();
    assertThat(requests.forgetExpired()).isZero();
    assertThat(first().operationId()).isNotEqualTo(old.operationId());
    assertThat(begin(kept)).isInstanceOf(IdempotencyStore.Turn.Running.class);
  }

  /// One that waits for its key while it holds another's could wait in a circle.
  @Test
  void theUseOfAnExpiredKeyTouchesNoOther() throws Exception {
    IdempotencyStore.Request other =
        new IdempotencyStore.Request("anna", UUID.randomUUID().toString(), BODY);
    first();
    begin(other);
    let("expires_at", "25 hours");
    letOf(other, "expires_at", "25 hours");
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Future<IdempotencyStore.Turn> waiting =
          database.inTransaction(
              connection -> {
                touch(connection, request);
                Future<IdempotencyStore.Turn> began = threads.submit(() -> begin(request));
                Await.until("it waits for the key", LIMIT, IdempotencyStoreIT::somebodyWaits);
                touch(connection, other);
                return began;
              });
      assertThat(waiting.get()).isInstanceOf(IdempotencyStore.Turn.First.class);
    }
  }

  private IdempotencyStore.Turn.First first() {
    return (IdempotencyStore.Turn.First) begin(request);
  }

  private IdempotencyStore.Turn begin(IdempotencyStore.Request wanted) {
    return requests.begin(wanted, UUID.randomUUID(), UUID.randomUUID());
  }

  /// Lets as much time pass for one column of the request.
  private void let(String column, String interval) {
    letOf(request, column, interval);
  }

  private static void letOf(IdempotencyStore.Request of, String column, String interval) {
    database.inTransaction(
        connection ->
            update(
                connection,
                "%s = %s - interval '%s' - interval '1 second'".formatted(column, column, interval),
                of));
  }

  private static void touch(Connection connection, IdempotencyStore.Request of)
      throws SQLException {
    assertThat(update(connection, "lock_id = lock_id", of)).isOne();
  }

  private static int update(Connection connection, String set, IdempotencyStore.Request of)
      throws SQLException {
    String sql = "UPDATE idempotent_request SET " + set + " WHERE request_key = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, of.key());
      return update.executeUpdate();
    }
  }

  private static boolean somebodyWaits() {
    String sql =
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database()
        """;
    return database.inStatement(
        connection -> {
          try (PreparedStatement look = connection.prepareStatement(sql);
              ResultSet row = look.executeQuery()) {
            return row.next() && row.getLong(1) > 0;
          }
        });
  }
}
