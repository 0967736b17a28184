package io.soilhub.scalability.cache.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.cache.postgres.WriteResult.Outcome;
import io.soilhub.scalability.platform.postgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class InvalidationOutboxIT {

  private static final EntryKey KEY = new EntryKey("general", "k");
  private static final List<Integer> FIRST = List.of(0);

  private TestEntries test;

  @BeforeEach
  void open() {
    test = new TestEntries("");
  }

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void whatIsOwedIsTrueInPostgresWhenTheCallerCommits() throws SQLException {
    test.fill(test.entries.snapshotToken(), KEY, "v");
    Invalidation what = new Invalidation(Set.of(KEY, new EntryKey("soil_data", "s")), Set.of("t"));
    try (Connection caller = test.connect()) {
      caller.setAutoCommit(false);
      test.outbox.add(caller, what, FIRST);
      assertThat(test.value(KEY)).contains("v");
      assertThat(test.outbox.empty()).isTrue();
      caller.rollback();
      assertThat(test.value(KEY)).contains("v");
      test.outbox.add(caller, what, FIRST);
      test.outbox.add(caller, Invalidation.ofTags(Set.of()), FIRST);
      caller.commit();
    }
    assertThat(test.value(KEY)).isEmpty();
    assertThat(test.outbox.empty()).isFalse();
    List<OutboxRow> delivered = new ArrayList<>();
    assertThat(test.outbox.relay(0, 10, delivered::addAll)).isOne();
    assertThat(delivered)
        .singleElement()
        .extracting(OutboxRow::what, OutboxRow::version)
        .containsExactly(what, 0L);
    assertThat(test.outbox.empty()).isTrue();
    assertThat(test.outbox.relay(0, 10, delivered::addAll)).isZero();
    assertThat(delivered).hasSize(1);
  }

  @Test
  void aDeliveryThatFailsIsDeliveredAgain() throws SQLException {
    owe(3);
    assertThatThrownBy(
            () ->
                test.outbox.relay(
                    0,
                    2,
                    _ -> {
                      throw new IllegalStateException("Redis is away");
                    }))
        .hasMessage("Redis is away");
    List<OutboxRow> delivered = new ArrayList<>();
    assertThat(test.outbox.relay(0, 2, delivered::addAll)).isEqualTo(2);
    assertThat(test.outbox.relay(0, 2, delivered::addAll)).isOne();
    assertThat(delivered).isSortedAccordingTo((a, b) -> Long.compare(a.id(), b.id())).hasSize(3);
  }

  @Test
  void twoRelaysAtOnceShareTheRows() throws Exception {
    owe(6);
    try (Database other = test.another();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      InvalidationOutbox second = new InvalidationOutbox(other, new PostgresEntries(other));
      CyclicBarrier bothDeliver = new CyclicBarrier(2);
      List<Future<List<OutboxRow>>> relays = new ArrayList<>();
      for (InvalidationOutbox outbox : List.of(test.outbox, second)) {
        relays.add(
            threads.submit(
                () -> {
                  List<OutboxRow> mine = new ArrayList<>();
                  outbox.relay(
                      0,
                      3,
                      owed -> {
                        mine.addAll(owed);
                        meet(bothDeliver);
                      });
                  return mine;
                }));
      }
      List<Long> ids = new ArrayList<>();
      for (Future<List<OutboxRow>> relay : relays) {
        List<OutboxRow> mine = relay.get(20, TimeUnit.SECONDS);
        assertThat(mine).hasSize(3);
        mine.forEach(outboxRow -> ids.add(outboxRow.id()));
      }
      assertThat(ids).hasSize(6).doesNotHaveDuplicates();
    }
    assertThat(test.outbox.empty()).isTrue();
  }

  @Test
  void owesWhileARelayIsAtWork() throws SQLException {
    owe(1);
    test.outbox.relay(0, 1, _ -> assertThat(test.outbox.empty()).isFalse());
    assertThat(test.outbox.empty()).isTrue();
  }

  @Test
  void aPutPastRedisIsStoredUnderAGreaterVersionAndOwed() {
    SnapshotToken before = test.entries.snapshotToken();
    long future = 9_000_000_000_000_000L;
    test.write(before, KEY, "of Redis", future);
    WriteResult writeResult = put(before, "past Redis");
    assertThat(writeResult).isEqualTo(new WriteResult(Outcome.STORED, future + 1));
    assertThat(test.value(KEY)).contains("past Redis");
    assertThat(test.write(before, KEY, "flushed late", future + 2).outcome())
        .as("was in Redis before that put")
        .isEqualTo(Outcome.REFUSED);
    List<OutboxRow> delivered = new ArrayList<>();
    test.outbox.relay(0, 10, delivered::addAll);
    assertThat(delivered)
        .singleElement()
        .extracting(OutboxRow::what, OutboxRow::version)
        .containsExactly(Invalidation.of(KEY), future + 1);
  }

  @Test
  void aRefusedPutOwesNothing() {
    SnapshotToken before = test.entries.snapshotToken();
    test.entries.invalidate(Invalidation.of(KEY));
    assertThat(put(before, "v").outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(test.outbox.empty()).isTrue();
    assertThat(put(test.entries.snapshotToken(), "w").version())
        .isGreaterThan(1_700_000_000_000_000L);
  }

  @Test
  void eachServerIsOwedForItself() {
    test.invalidate(Invalidation.of(KEY), List.of(0, 1));
    assertThat(test.outbox.owed(2, 0, 10)).isEmpty();
    assertThat(test.outbox.relay(1, 10, _ -> {})).isOne();
    assertThat(test.outbox.owed(1, 0, 10)).isEmpty();
    OutboxRow left = test.outbox.owed(0, 0, 10).getFirst();
    assertThat(left.what()).isEqualTo(Invalidation.of(KEY));
    assertThat(test.outbox.owed(0, left.id(), 10)).isEmpty();
    test.outbox.relay(
        0, 10, _ -> assertThat(test.outbox.owed(0, 0, 10)).as("with a relay").hasSize(1));
    assertThat(test.outbox.empty()).isTrue();
  }

  @Test
  void whatTheVersionBeforeOwesIsOwedToEachServer() {
    test.run(
        "INSERT INTO cache_outbox (data_types, keys, tags, version)"
            + " VALUES ('{general}', '{k}', '{t}', 7)");
    test.outbox.spread(2, 10);
    for (int server = 0; server < 2; server++) {
      assertThat(test.outbox.owed(server, 0, 10))
          .singleElement()
          .extracting(OutboxRow::what, OutboxRow::version)
          .containsExactly(new Invalidation(Set.of(KEY), Set.of("t")), 7L);
    }
    test.outbox.spread(2, 10);
    assertThat(test.number("SELECT count(*) FROM cache_outbox")).isEqualTo(2);
  }

  @Test
  void whatIsOwedToAServerThatIsNoLongerUsedIsForgottenWhenNoEntryCanBeAsOld() {
    test.invalidate(Invalidation.of(KEY), List.of(0, 1));
    test.run("UPDATE cache_outbox SET added_at = added_at - interval '33 days' WHERE server = 1");
    assertThat(test.outbox.forget(10)).isOne();
    assertThat(test.outbox.owed(0, 0, 10)).hasSize(1);
  }

  private WriteResult put(SnapshotToken since, String value) {
    return test.writePastRedis(since, KEY, value, Set.of());
  }

  private void owe(int rows) throws SQLException {
    try (Connection connection = test.connect()) {
      for (int i = 0; i < rows; i++) {
        test.outbox.add(connection, Invalidation.of(new EntryKey("general", "k" + i)), FIRST);
      }
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
