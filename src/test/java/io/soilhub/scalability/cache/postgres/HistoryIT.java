package io.soilhub.scalability.cache.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.cache.postgres.WriteResult.Outcome;
import io.soilhub.scalability.platform.core.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;

/// Long random histories of lookups, loads, puts, invalidations in open transactions, expiry and
/// purges, against the naive twin. What an open transaction holds is left alone by the others,
/// which would wait for it; [InterleavingIT] has those waits.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HistoryIT {

  private static final int OPEN = 3;
  private static final List<EntryKey> KEYS =
      IntStream.range(0, 4).mapToObj(i -> new EntryKey("general", "k" + i)).toList();
  private static final List<String> TAGS = List.of("a", "b", "c");

  private static TestEntries test;

  private final NaiveEntries naive = new NaiveEntries();
  private final Map<EntryKey, List<Begun>> begun = new HashMap<>();
  private final List<Open> open = new ArrayList<>();
  private SplittableRandom random;
  private int values;
  private int kept;
  private int refused;
  private int purged;

  private record Begun(SnapshotToken since, int moment) {}

  private record Open(Connection connection, Invalidation what) {}

  @BeforeAll
  static void open() {
    test = new TestEntries("?options=-c%20synchronous_commit=off");
  }

  @AfterAll
  static void close() {
    test.close();
  }

  @AfterEach
  void empty() throws SQLException {
    while (!open.isEmpty()) {
      open.removeFirst().connection().close();
    }
    test.run("TRUNCATE cache_entry, cache_tag, cache_outbox");
    test.run("UPDATE cache_horizon SET passed_by = '0', passed_snapshot = '1:1:'");
  }

  @RepeatedTest(25)
  void postgresDoesWhatTheTwinDoes(RepetitionInfo repetition) throws SQLException {
    random = new SplittableRandom(repetition.getCurrentRepetition());
    // The twin begins with no mark; PostgreSQL with one that nothing precedes.
    test.purgeWithANewMark(0);
    test.run("UPDATE cache_horizon SET passed_by = '0', passed_snapshot = '1:1:'");
    for (int i = 0; i < 200; i++) {
      step();
      for (EntryKey key : KEYS) {
        assertThat(test.value(key)).as("step %d, %s", i, key).isEqualTo(naive.lookup(key));
      }
    }
    assertThat(kept).isPositive();
    assertThat(refused).isPositive();
    assertThat(purged).isPositive();
  }

  private void step() throws SQLException {
    EntryKey key = KEYS.get(random.nextInt(KEYS.size()));
    naive.tick();
    switch (random.nextInt(18)) {
      case 0, 1, 2 -> begun(key).add(new Begun(test.entries.lookup(key).token(), naive.tick()));
      case 3, 4, 5 -> fill(key);
      case 6, 7 -> put(key);
      case 8 -> putPastRedis(key);
      case 9 -> invalidate(new Invalidation(Set.of(key), Set.of()));
      case 10 -> invalidate(new Invalidation(Set.of(key), someTags()));
      case 11, 12 -> begin(random.nextBoolean() ? Set.of(key) : Set.of());
      case 13, 14 -> end();
      default -> purge();
    }
  }

  private void fill(EntryKey key) {
    if (begun(key).isEmpty() || locked(key)) {
      return;
    }
    Begun load = take(key);
    String value = "load " + values++;
    Set<String> tags = someTags();
    boolean expected = naive.fill(load.moment(), key, value, tags);
    assertThat(test.fill(load.since(), key, value, tags.toArray(String[]::new)))
        .isEqualTo(expected);
    kept += expected ? 1 : 0;
    refused += expected ? 0 : 1;
  }

  private void put(EntryKey key) {
    if (begun(key).isEmpty() || locked(key)) {
      return;
    }
    Begun put = take(key);
    String value = "put " + values++;
    String[] tags = someTags().toArray(String[]::new);
    long version = Math.max(1, naive.version(key) + random.nextInt(-1, 3));
    if (naive.tooLate(put.moment())) {
      assertThatThrownBy(() -> test.write(put.since(), key, value, version, tags))
          .isInstanceOf(Problem.class);
    } else {
      assertThat(test.write(put.since(), key, value, version, tags).outcome())
          .isEqualTo(naive.write(put.moment(), key, value, Set.of(tags), version));
    }
  }

  private void putPastRedis(EntryKey key) {
    if (begun(key).isEmpty() || locked(key)) {
      return;
    }
    Begun put = take(key);
    String value = "past " + values++;
    Set<String> tags = someTags();
    if (naive.tooLate(put.moment())) {
      assertThatThrownBy(() -> test.writePastRedis(put.since(), key, value, tags))
          .isInstanceOf(Problem.class);
      return;
    }
    WriteResult writeResult = test.writePastRedis(put.since(), key, value, tags);
    long before = naive.version(key);
    assertThat(writeResult.outcome()).isEqualTo(naive.write(put.moment(), key, value, tags, 0));
    if (writeResult.outcome() == Outcome.STORED) {
      assertThat(writeResult.version()).isGreaterThan(before);
      naive.version(key, writeResult.version());
    }
  }

  private void invalidate(Invalidation what) {
    if (what.keys().stream().noneMatch(this::locked)
        && what.tags().stream().noneMatch(this::locked)) {
      test.entries.invalidate(what);
      naive.invalidate(what);
    }
  }

  private void begin(Set<EntryKey> keys) throws SQLException {
    Set<String> tags = someTags();
    if (open.size() < OPEN
        && keys.stream().noneMatch(this::locked)
        && tags.stream().noneMatch(this::locked)) {
      Connection connection = test.connect();
      connection.setAutoCommit(false);
      open.add(new Open(connection, new Invalidation(keys, tags)));
      test.outbox.add(connection, open.getLast().what(), List.of(0));
    }
  }

  private void end() throws SQLException {
    if (open.isEmpty()) {
      return;
    }
    Open ended = open.remove(random.nextInt(open.size()));
    try (Connection connection = ended.connection()) {
      if (random.nextInt(4) == 0) {
        connection.rollback();
      } else {
        connection.commit();
        naive.invalidate(ended.what());
      }
    }
  }

  private void purge() {
    if (open.stream().allMatch(o -> o.what().keys().isEmpty())) {
      test.expireAll();
      naive.expireAll();
      int rows = naive.purge();
      assertThat(test.purgeWithANewMark(100)).isEqualTo(rows);
      purged += rows;
    }
  }

  private Begun take(EntryKey key) {
    return begun(key).remove(random.nextInt(begun(key).size()));
  }

  private List<Begun> begun(EntryKey key) {
    return begun.computeIfAbsent(key, _ -> new ArrayList<>());
  }

  private boolean locked(EntryKey key) {
    return open.stream().anyMatch(o -> o.what().keys().contains(key));
  }

  private boolean locked(String tag) {
    return open.stream().anyMatch(o -> o.what().tags().contains(tag));
  }

  private Set<String> someTags() {
    Set<String> tags = new HashSet<>();
    TAGS.stream().filter(_ -> random.nextInt(4) == 0).forEach(tags::add);
    return tags;
  }
}
