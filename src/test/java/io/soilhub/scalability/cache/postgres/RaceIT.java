package io.soilhub.scalability.cache.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.postgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two replicas that read through and change the same few values while a third purges: no lookup
/// gives a value older than a change that had been committed when the lookup began.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RaceIT {

  private static final int KEYS = 8;
  private static final long RUN = TimeUnit.SECONDS.toNanos(4);

  private final AtomicIntegerArray committed = new AtomicIntegerArray(KEYS);

  private record Seen(int hits, int fills, List<String> stale) {}

  @Test
  void noLookupIsOlderThanACommittedChange() throws Exception {
    try (TestEntries test = new TestEntries("");
        Database other = test.another();
        ExecutorService threads = Executors.newFixedThreadPool(7)) {
      for (int i = 0; i < KEYS; i++) {
        test.run("INSERT INTO source VALUES ('k" + i + "', 0)");
      }
      long end = System.nanoTime() + RUN;
      List<Future<Seen>> readers = new ArrayList<>();
      List<Future<?>> others = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Database mine = i % 2 == 0 ? test.database : other;
        int seed = i;
        readers.add(threads.submit(() -> read(mine, new SplittableRandom(seed), end)));
      }
      others.add(threads.submit(changes(test.database, 0, end)));
      others.add(threads.submit(changes(other, 1, end)));
      others.add(threads.submit(() -> purges(test, end)));
      for (Future<?> future : others) {
        future.get(60, TimeUnit.SECONDS);
      }
      for (Future<Seen> reader : readers) {
        Seen seen = reader.get(60, TimeUnit.SECONDS);
        assertThat(seen.stale()).isEmpty();
        assertThat(seen.hits()).isPositive();
        assertThat(seen.fills()).isPositive();
      }
    }
  }

  private Seen read(Database database, SplittableRandom random, long end) {
    PostgresEntries entries = new PostgresEntries(database);
    List<String> stale = new ArrayList<>();
    int hits = 0;
    int fills = 0;
    while (System.nanoTime() < end) {
      int i = random.nextInt(KEYS);
      EntryKey key = new EntryKey("general", "k" + i);
      int atLeast = committed.get(i);
      Lookup lookup = entries.lookup(key);
      if (lookup.found().isPresent()) {
        hits++;
        int value = Integer.parseInt(new String(lookup.found().get().payload(), UTF_8));
        if (value < atLeast) {
          stale.add("%s: %d, and %d was committed".formatted(key, value, atLeast));
        }
      } else {
        long value = database.inStatement(c -> TestEntries.number(c, valueOf(key)));
        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        boolean kept =
            entries.fill(
                lookup.token(), key, TestEntries.bytes(value), Set.of("t" + i), TestEntries.TTL);
        fills += kept ? 1 : 0;
      }
    }
    return new Seen(hits, fills, stale);
  }

  /// Changes every other key, by key and by tag in turn.
  private Callable<Boolean> changes(Database database, int first, long end) {
    PostgresEntries entries = new PostgresEntries(database);
    return () -> {
      for (int round = 0; System.nanoTime() < end; round++) {
        int i = (2 * round + first) % KEYS;
        EntryKey key = new EntryKey("general", "k" + i);
        Invalidation what =
            round / KEYS % 2 == 0 ? Invalidation.of(key) : Invalidation.ofTags(Set.of("t" + i));
        database.inTransaction(connection -> change(connection, entries, key, what));
        committed.incrementAndGet(i);
        LockSupport.parkNanos(Duration.ofMillis(3).toNanos());
      }
      return true;
    };
  }

  private static boolean change(
      Connection connection, PostgresEntries entries, EntryKey key, Invalidation what)
      throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute("UPDATE source SET value = value + 1 WHERE name = '" + key.key() + "'");
    }
    entries.invalidate(connection, what);
    return true;
  }

  private static int purges(TestEntries test, long end) {
    int rows = 0;
    while (System.nanoTime() < end) {
      test.run("UPDATE cache_entry SET expires_at = 'epoch' WHERE payload IS NULL");
      rows += test.purgeWithANewMark(100);
    }
    return rows;
  }

  private static String valueOf(EntryKey key) {
    return "SELECT value FROM source WHERE name = '" + key.key() + "'";
  }
}
