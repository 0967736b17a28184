package io.soilhub.scalability.cache.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.cache.postgres.WriteResult.Outcome;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PostgresEntriesIT {

  private static final EntryKey KEY =
      new EntryKey("soil_data", "Feld \u00fc/\ud83c\udf3d '\"\\{},");
  private static TestEntries test;

  @BeforeAll
  static void open() {
    test = new TestEntries("");
  }

  @AfterAll
  static void close() {
    test.close();
  }

  @BeforeEach
  void empty() {
    test.run("TRUNCATE cache_entry, cache_tag, cache_outbox");
  }

  @Test
  void givesBackWhatWasFilled() {
    Lookup before = test.entries.lookup(KEY);
    assertThat(before.found()).isEmpty();
    byte[] payload = {0, -1, 127, 10};
    Set<String> tags = Set.of("crop:corn", "\u00fc{\"'\\,NULL}");
    assertThat(test.entries.fill(before.token(), KEY, payload, tags, Duration.ofMillis(90_500)))
        .isTrue();
    StoredEntry storedEntry = test.entries.lookup(KEY).found().orElseThrow();
    assertThat(storedEntry.payload()).isEqualTo(payload);
    assertThat(storedEntry.tags()).isEqualTo(tags);
    assertThat(storedEntry.version()).isZero();
    assertThat(storedEntry.ttl()).isBetween(Duration.ofSeconds(60), Duration.ofMillis(90_500));
    assertThat(test.value(new EntryKey("general", KEY.key()))).isEmpty();
  }

  @Test
  void aValueEndsWithItsLife() {
    assertThat(test.fill(test.entries.snapshotToken(), KEY, "v")).isTrue();
    test.expireAll();
    assertThat(test.value(KEY)).isEmpty();
    assertThat(test.fill(test.entries.snapshotToken(), KEY, "again")).isTrue();
    assertThat(test.value(KEY)).contains("again");
  }

  @Test
  void ofTwoLoadsOnlyTheFirstFills() {
    SnapshotToken both = test.entries.snapshotToken();
    assertThat(test.fill(both, KEY, "first")).isTrue();
    assertThat(test.fill(both, KEY, "second")).isFalse();
    assertThat(test.value(KEY)).contains("first");
  }

  @Test
  void theGreaterVersionStays() {
    SnapshotToken since = test.entries.snapshotToken();
    assertThat(test.write(since, KEY, "two", 2)).isEqualTo(new WriteResult(Outcome.STORED, 2));
    assertThat(test.write(since, KEY, "one", 1)).isEqualTo(new WriteResult(Outcome.SUPERSEDED, 2));
    assertThat(test.write(since, KEY, "two again", 2).outcome()).isEqualTo(Outcome.SUPERSEDED);
    assertThat(test.value(KEY)).contains("two");
    assertThat(test.write(since, KEY, "three", 3)).isEqualTo(new WriteResult(Outcome.STORED, 3));
    assertThat(test.entries.lookup(KEY).found().orElseThrow().version()).isEqualTo(3);
    assertThat(test.entries.highestVersion()).isEqualTo(3);
  }

  @Test
  void anInvalidationKeepsTheVersionAndNamesNoValue() {
    test.write(test.entries.snapshotToken(), KEY, "v", 9);
    test.entries.invalidate(Invalidation.of(KEY));
    assertThat(test.value(KEY)).isEmpty();
    assertThat(test.write(test.entries.snapshotToken(), KEY, "late", 8).outcome())
        .isEqualTo(Outcome.SUPERSEDED);
    assertThat(test.fill(test.entries.snapshotToken(), KEY, "loaded")).isTrue();
    assertThat(test.entries.lookup(KEY).found().orElseThrow().version()).isEqualTo(9);
  }

  @Test
  void aBatchTellsTheOutcomeOfEach() {
    EntryKey fresh = key("fresh");
    EntryKey newer = key("newer");
    EntryKey older = key("older");
    EntryKey gone = key("gone");
    EntryKey twice = key("twice");
    SnapshotToken since = test.entries.snapshotToken();
    test.write(since, newer, "n5", 5);
    test.write(since, older, "o5", 5);
    test.entries.invalidate(Invalidation.of(gone));
    Map<EntryKey, WriteResult> outcomes =
        test.entries.writeAll(
            since,
            List.of(
                put(twice, "t8", 8),
                put(twice, "t9", 9),
                put(fresh, "f1", 1),
                put(newer, "n4", 4),
                put(older, "o6", 6),
                put(gone, "g7", 7)));
    assertThat(outcomes)
        .isEqualTo(
            Map.of(
                fresh, new WriteResult(Outcome.STORED, 1),
                newer, new WriteResult(Outcome.SUPERSEDED, 5),
                older, new WriteResult(Outcome.STORED, 6),
                gone, new WriteResult(Outcome.REFUSED, 0),
                twice, new WriteResult(Outcome.STORED, 9)));
    assertThat(test.value(fresh)).contains("f1");
    assertThat(test.value(newer)).contains("n5");
    assertThat(test.value(older)).contains("o6");
    assertThat(test.value(gone)).isEmpty();
    assertThat(test.value(twice)).contains("t9");
    assertThat(test.entries.writeAll(since, List.of())).isEmpty();
    assertThatThrownBy(() -> test.write(since, fresh, "v", 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void oneTagVoidsAllItsEntriesAndNoOther() {
    List<EntryKey> keys = IntStream.range(0, 50).mapToObj(i -> key("k" + i)).toList();
    keys.forEach(
        k -> test.fill(test.entries.snapshotToken(), k, k.key(), "all", "only-" + k.key()));
    test.entries.invalidate(Invalidation.ofTags(Set.of("only-k7")));
    assertThat(keys.stream().filter(k -> test.value(k).isEmpty())).containsExactly(key("k7"));
    test.entries.invalidate(Invalidation.ofTags(Set.of("all")));
    assertThat(keys).allSatisfy(k -> assertThat(test.value(k)).isEmpty());
    assertThat(test.fill(test.entries.snapshotToken(), KEY, "after", "all")).isTrue();
    assertThat(test.value(KEY)).contains("after");
  }

  @Test
  void aPurgeForgetsOnlyWhatNobodyCanMissAnyMore() {
    EntryKey living = key("living");
    SnapshotToken old = test.entries.snapshotToken();
    test.fill(test.entries.snapshotToken(), KEY, "value");
    test.entries.invalidate(Invalidation.of(KEY));
    test.expireAll();
    test.fill(test.entries.snapshotToken(), living, "lives", "t");
    assertThat(test.entries.purge(10).rows()).as("no mark is old enough").isZero();
    assertThat(test.purgeWithANewMark(10)).as("ended after the mark").isZero();
    assertThat(test.fill(old, KEY, "refused by the trace")).isFalse();
    SnapshotToken between = test.entries.snapshotToken();
    assertThat(test.purgeWithANewMark(10)).isOne();
    assertThat(test.fill(old, KEY, "revived")).as("began before the mark").isFalse();
    assertThatThrownBy(() -> test.write(old, KEY, "revived", 1))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.UNAVAILABLE));
    assertThat(test.value(KEY)).isEmpty();
    assertThat(test.value(living)).contains("lives");
    assertThat(test.fill(between, KEY, "new")).as("began after the mark").isTrue();
    assertThat(test.value(KEY)).contains("new");
  }

  /// Its invalidation is older than the mark by the clock, and ended after it.
  @Test
  void aPurgeLeavesTheTraceOfALongTransaction() throws SQLException {
    SnapshotToken since = test.entries.lookup(KEY).token();
    try (Connection longOne = test.connect()) {
      longOne.setAutoCommit(false);
      test.entries.invalidate(longOne, Invalidation.of(KEY));
      test.purgeWithANewMark(10);
      longOne.commit();
    }
    test.expireAll();
    assertThat(test.purgeWithANewMark(10)).isZero();
    assertThat(test.fill(since, KEY, "old")).isFalse();
    assertThat(test.value(KEY)).isEmpty();
  }

  @Test
  void aPurgeIsBoundedAndSaysWhetherThereIsMore() {
    for (int i = 0; i < 5; i++) {
      test.fill(test.entries.snapshotToken(), key("k" + i), i);
    }
    test.expireAll();
    test.purgeWithANewMark(10);
    test.run("UPDATE cache_horizon SET next_at = clock_timestamp() - interval '11 minutes'");
    assertThat(test.entries.purge(3)).isEqualTo(new PurgeProgress(3, true));
    assertThat(test.entries.purge(3)).isEqualTo(new PurgeProgress(2, false));
  }

  @Test
  void theInvalidationOfATagIsKeptWhileAValueCarriesItAndNoLongerThanAValueCanLive() {
    test.fill(test.entries.snapshotToken(), key("living"), "v", "carried", "old");
    test.fill(test.entries.snapshotToken(), key("ended"), "v", "ended");
    test.run("UPDATE cache_entry SET expires_at = 'epoch' WHERE key = 'ended'");
    test.entries.invalidate(Invalidation.ofTags(Set.of("carried", "ended", "old", "unknown")));
    test.run("UPDATE cache_tag SET bumped_at = now() - interval '40 days' WHERE tag = 'old'");
    test.run("UPDATE cache_tag SET bumped_at = now() - interval '30 days' WHERE tag = 'carried'");

    test.purgeAll();

    assertThat(test.number("SELECT count(*) FROM cache_tag WHERE tag = 'carried'")).isOne();
    assertThat(test.number("SELECT count(*) FROM cache_tag")).isOne();
    assertThat(test.value(key("living"))).isEmpty();
  }

  @Test
  void aFloodOfTagsIsGoneAfterTwentyMinutes() {
    for (int call = 0; call < 300; call++) {
      String name = "flood-" + call + "-";
      test.entries.invalidate(
          Invalidation.ofTags(
              IntStream.range(0, 100).mapToObj(i -> name + i).collect(Collectors.toSet())));
    }

    test.purgeAll();

    assertThat(test.number("SELECT count(*) FROM cache_tag")).isZero();
  }

  @Test
  void aLoadFromBeforeTheInvalidationOfATagFillsNothingWhenThatIsForgotten() {
    SnapshotToken old = test.entries.snapshotToken();
    test.entries.invalidate(Invalidation.ofTags(Set.of("t")));
    test.purgeAll();
    assertThat(test.number("SELECT count(*) FROM cache_tag")).isZero();

    assertThat(test.fill(old, KEY, "old", "t")).isFalse();
    assertThat(test.value(KEY)).isEmpty();
    assertThat(test.fill(test.entries.snapshotToken(), KEY, "new", "t")).isTrue();
  }

  /// It was allowed before the mark counted, and is committed after the tags were walked over.
  @Test
  void aTagIsNotForgottenWhileAWriteThatMayCarryItIsUnderWay() throws SQLException {
    SnapshotToken since = test.entries.snapshotToken();
    test.entries.invalidate(Invalidation.ofTags(Set.of("t")));
    try (Connection slow = test.connect();
        PreparedStatement store =
            slow.prepareStatement(
                "INSERT INTO cache_entry (data_type, key, payload, tags, snapshot, expires_at)"
                    + " VALUES (?, ?, '\\x31', '{t}', ?::pg_snapshot, now() + interval '1"
                    + " hour')")) {
      slow.setAutoCommit(false);
      store.setString(1, KEY.type());
      store.setString(2, KEY.key());
      store.setString(3, since.snapshot());
      store.executeUpdate();
      test.purgeAll();
      slow.commit();
    }
    assertThat(test.value(KEY)).as("void by its tag").isEmpty();
    test.purgeAll();
    assertThat(test.value(KEY)).as("still").isEmpty();
  }

  @Test
  void whetherAValueCarriesATagIsAskedOfAnIndexHoweverManyRowsThereAre() {
    test.run(
        """
        INSERT INTO cache_entry (data_type, key, payload, tags, snapshot, expires_at)
        SELECT 'general', 'k' || i, '\\x00', ARRAY['t' || i % 1000],
               pg_current_snapshot(), now() + interval '1 hour'
        FROM generate_series(1, 20000) AS i
        """);
    test.run("INSERT INTO cache_tag SELECT 'n' || i, '1', now() FROM generate_series(1, 500) AS i");
    test.run("VACUUM ANALYZE cache_entry, cache_tag");
    test.purgeWithANewMark(1);
    test.purgeWithANewMark(1);
    test.entries.purge(1000);
    String plan =
        test.database.inTransaction(
            connection -> {
              TestEntries.number(connection, PurgeHorizon.RUNNING);
              return explain(connection, PurgeHorizon.DELETE_TAGS, "", "z");
            });
    assertThat(plan)
        .contains("cache_entry_tags", "cache_tag_pkey")
        .doesNotContain("Seq Scan on cache_entry", "Seq Scan on cache_tag");
    assertThat(test.number("SELECT count(*) FROM cache_tag")).isZero();
  }

  @Test
  void aLookupReadsOnlyIndexesHoweverManyRowsThereAre() {
    test.run(
        """
        INSERT INTO cache_entry (data_type, key, payload, tags, snapshot, expires_at)
        SELECT 'general', 'k' || i, '\\x00', ARRAY['t' || i % 1000, 'u' || i % 777],
               pg_current_snapshot(), now() + interval '1 hour'
        FROM generate_series(1, 20000) AS i
        """);
    test.run(
        """
        INSERT INTO cache_tag SELECT c || i, '1', now()
        FROM generate_series(1, 10000) AS i, (VALUES ('t'), ('u')) AS k (c)
        """);
    test.run("ANALYZE cache_entry, cache_tag");
    String plan =
        test.database.inStatement(
            connection -> explain(connection, PostgresEntries.LOOKUP, "general", "k17"));
    assertThat(plan)
        .contains("Index Scan using cache_entry_pkey", "cache_tag_pkey")
        .doesNotContain("Seq Scan");
    assertThat(test.value(key("k17"))).isPresent();
  }

  @Test
  void saysThatPostgresIsAway() {
    try (TestPostgres server = TestPostgres.start();
        Database database = TestPostgres.open(server.newDatabase())) {
      database.migrate();
      PostgresEntries entries = new PostgresEntries(database);
      InvalidationOutbox outbox = new InvalidationOutbox(database, entries);
      SnapshotToken since = entries.lookup(KEY).token();
      server.stop();
      List<Runnable> all =
          List.of(
              () -> entries.lookup(KEY),
              () -> entries.fill(since, KEY, new byte[1], Set.of(), TestEntries.TTL),
              () -> entries.invalidate(Invalidation.of(KEY)),
              () -> outbox.relay(0, 1, _ -> {}));
      assertThat(all)
          .allSatisfy(
              call -> assertThatThrownBy(call::run).isInstanceOf(DatabaseUnavailable.class));
    }
  }

  private static String explain(Connection connection, String sql, String first, String second)
      throws SQLException {
    try (PreparedStatement s = connection.prepareStatement("EXPLAIN ANALYZE " + sql)) {
      s.setString(1, first);
      s.setString(2, second);
      StringBuilder plan = new StringBuilder();
      try (ResultSet rows = s.executeQuery()) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
      return plan.toString();
    }
  }

  private static EntryKey key(String key) {
    return new EntryKey("general", key);
  }

  private static EntryWrite put(EntryKey key, String value, long version) {
    return new EntryWrite(key, TestEntries.bytes(value), Set.of("t"), TestEntries.TTL, version);
  }
}
