package io.soilhub.scalability.cache.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.cache.postgres.WriteResult.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A load or a put, and a transaction that changes the source and invalidates, in every order of
/// their steps.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class InterleavingIT {

  private static final String LOCK_TIMEOUT =
      "SELECT setting::bigint FROM pg_settings WHERE name = 'lock_timeout'";
  private static final AtomicInteger KEYS = new AtomicInteger();
  private static TestEntries test;

  @BeforeAll
  static void open() {
    test = new TestEntries("");
  }

  @AfterAll
  static void close() {
    test.close();
  }

  /// @param order of the letters; I begins the change, C commits it, A takes it back
  /// @param byTag whether the tag is invalidated or the key
  /// @param before whether there is a value from before
  record Case(String order, boolean byTag, boolean before) {

    boolean changed() {
      return order.contains("C");
    }

    int at(char step) {
      return order.indexOf(step);
    }

    int end() {
      return changed() ? at('C') : at('A');
    }
  }

  /// L looks up, R reads the source, F fills.
  static List<Case> loads() {
    return cases("LRF");
  }

  /// S takes the snapshot, W writes.
  static List<Case> puts() {
    return cases("SW");
  }

  private static List<Case> cases(String steps) {
    List<Case> cases = new ArrayList<>();
    for (String end : List.of("C", "A")) {
      for (String order : Merges.of(steps, "I" + end)) {
        for (boolean byTag : List.of(true, false)) {
          cases.add(new Case(order, byTag, true));
          cases.add(new Case(order, byTag, false));
        }
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("loads")
  void aLoadThatBeganBeforeTheChangeLeavesNothing(Case c) throws Exception {
    EntryKey key = source(c.before());
    AtomicReference<SnapshotToken> since = new AtomicReference<>();
    AtomicReference<Long> read = new AtomicReference<>();
    AtomicReference<Boolean> filled = new AtomicReference<>();
    play(
        c,
        key,
        (step, connection) -> {
          switch (step) {
            case 'L' -> since.set(test.entries.lookup(key).token());
            case 'R' -> read.set(value(connection, key));
            default -> filled.set(test.fill(since.get(), key, read.get(), tag(key)));
          }
        });
    boolean sawItAll = !c.changed() || c.at('L') > c.end();
    boolean beforeIt = c.at('F') < (c.byTag() ? c.end() : c.at('I'));
    assertThat(filled.get()).isEqualTo(sawItAll || beforeIt);
    Optional<String> truth = Optional.of(String.valueOf(test.number(valueOf(key))));
    assertThat(test.value(key)).isEqualTo(sawItAll ? truth : Optional.empty());
  }

  @ParameterizedTest
  @MethodSource("puts")
  void aPutThatBeganBeforeTheChangeCountsAsEarlier(Case c) throws Exception {
    EntryKey key = source(c.before());
    AtomicReference<SnapshotToken> since = new AtomicReference<>();
    AtomicReference<WriteResult> written = new AtomicReference<>();
    play(
        c,
        key,
        (step, _) -> {
          if (step == 'S') {
            since.set(test.entries.snapshotToken());
          } else {
            written.set(test.write(since.get(), key, "put", 7, tag(key)));
          }
        });
    boolean sawItAll = !c.changed() || c.at('S') > c.end();
    boolean stored = sawItAll || c.byTag() || c.at('W') < c.at('I');
    assertThat(written.get().outcome()).isEqualTo(stored ? Outcome.STORED : Outcome.REFUSED);
    assertThat(test.value(key)).isEqualTo(sawItAll ? Optional.of("put") : Optional.empty());
  }

  /// The transaction with the smaller id commits last. With the greater id kept, its invalidation
  /// would be lost on a load that ran between the two commits.
  @Test
  void theLastToCommitAndNotTheGreatestIdStandsForATag() throws Exception {
    for (boolean byTag : List.of(true, false)) {
      EntryKey key = source(false);
      Invalidation what = what(key, byTag);
      try (Connection early = test.connect();
          Connection late = test.connect()) {
        early.setAutoCommit(false);
        late.setAutoCommit(false);
        TestEntries.number(early, "SELECT pg_current_xact_id()::text::bigint");
        test.entries.invalidate(late, what);
        late.commit();
        SnapshotToken between = test.entries.lookup(key).token();
        test.entries.invalidate(early, what);
        early.commit();
        assertThat(test.fill(between, key, 0, tag(key))).as("by tag: %s", byTag).isFalse();
        assertThat(test.value(key)).isEmpty();
      }
    }
  }

  /// The check of the fill ran before the tag was invalidated, its insert after that.
  @Test
  void aTagInvalidatedInTheMiddleOfAFillVoidsTheValue() throws Exception {
    EntryKey key = source(false);
    SnapshotToken since = test.entries.lookup(key).token();
    AtomicReference<Boolean> filled = new AtomicReference<>();
    try (Stage stage = new Stage(test.database);
        Connection holder = test.connect()) {
      holder.setAutoCommit(false);
      test.entries.invalidate(holder, Invalidation.of(key));
      stage.step(
          "fill",
          _ -> {
            filled.set(test.fill(since, key, "old", tag(key)));
            return true;
          },
          holder);
      assertThat(filled.get()).as("waits in the middle").isNull();
      test.entries.invalidate(Invalidation.ofTags(Set.of(tag(key))));
      holder.rollback();
      stage.end();
    }
    assertThat(filled.get()).isTrue();
    assertThat(test.value(key)).isEmpty();
    assertThat(
            test.number("SELECT count(payload) FROM cache_entry WHERE key = '" + key.key() + "'"))
        .isOne();
  }

  @Test
  void aLoadIsNotHeldUpByALongTransaction() throws SQLException {
    EntryKey key = source(true);
    PostgresEntries impatient = new PostgresEntries(test.database);
    SnapshotToken since = impatient.lookup(key).token();
    try (Connection longOne = test.connect()) {
      longOne.setAutoCommit(false);
      test.entries.invalidate(longOne, Invalidation.of(key));
      assertThat(impatient.fill(since, key, TestEntries.bytes(11), Set.of(), TestEntries.TTL))
          .isFalse();
      longOne.rollback();
    }
    assertThat(test.value(key)).contains("10");
    assertThat(impatient.fill(since, key, TestEntries.bytes(11), Set.of(), TestEntries.TTL))
        .isTrue();
    assertThat(test.number(LOCK_TIMEOUT)).as("ends with the fill").isZero();
  }

  private interface Step {
    void run(char step, Connection connection) throws SQLException;
  }

  private static void play(Case c, EntryKey key, Step other) throws Exception {
    try (Stage stage = new Stage(test.database);
        Connection loader = test.connect();
        Connection changer = test.connect()) {
      changer.setAutoCommit(false);
      for (char step : c.order().toCharArray()) {
        if ("ICA".indexOf(step) >= 0) {
          stage.step("changer", connection -> change(connection, step, key, c.byTag()), changer);
        } else {
          stage.step(
              "other",
              connection -> {
                other.run(step, connection);
                return true;
              },
              loader);
        }
      }
      stage.end();
    }
  }

  private static boolean change(Connection connection, char step, EntryKey key, boolean byTag)
      throws SQLException {
    switch (step) {
      case 'I' -> {
        try (var s = connection.createStatement()) {
          s.execute("UPDATE source SET value = value + 1 WHERE name = '" + key.key() + "'");
        }
        test.entries.invalidate(connection, what(key, byTag));
      }
      case 'C' -> connection.commit();
      default -> connection.rollback();
    }
    return true;
  }

  private static EntryKey source(boolean filled) {
    EntryKey key = new EntryKey("general", "k" + KEYS.incrementAndGet());
    test.run("INSERT INTO source VALUES ('" + key.key() + "', 10)");
    if (filled) {
      assertThat(test.fill(test.entries.snapshotToken(), key, 10, tag(key))).isTrue();
      assertThat(test.value(key)).contains("10");
    }
    return key;
  }

  private static String tag(EntryKey key) {
    return "tag-" + key.key();
  }

  private static Invalidation what(EntryKey key, boolean byTag) {
    return byTag ? Invalidation.ofTags(Set.of(tag(key))) : Invalidation.of(key);
  }

  private static long value(Connection connection, EntryKey key) throws SQLException {
    return TestEntries.number(connection, valueOf(key));
  }

  private static String valueOf(EntryKey key) {
    return "SELECT value FROM source WHERE name = '" + key.key() + "'";
  }
}
