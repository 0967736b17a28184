package io.soilhub.scalability.cache.postgres;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The third level on a database of its own, with what tests need around it.
final class TestEntries implements AutoCloseable {

  static final Duration TTL = Duration.ofMinutes(5);

  final Database database;
  final PostgresEntries entries;
  final InvalidationOutbox outbox;
  private final String url;

  TestEntries(String options) {
    url = TestPostgres.shared().newDatabase();
    database = TestPostgres.open(url + options);
    database.migrate();
    // So patient that the steps of other actors decide, and not the time they take.
    entries = new PostgresEntries(database, Duration.ofMinutes(1));
    outbox = new InvalidationOutbox(database, entries);
    run("CREATE TABLE source (name text PRIMARY KEY, value int NOT NULL)");
  }

  static byte[] bytes(Object value) {
    return String.valueOf(value).getBytes(StandardCharsets.UTF_8);
  }

  Optional<String> value(EntryKey key) {
    return entries
        .lookup(key)
        .found()
        .map(storedEntry -> new String(storedEntry.payload(), StandardCharsets.UTF_8));
  }

  boolean fill(SnapshotToken since, EntryKey key, Object value, String... tags) {
    return entries.fill(since, key, bytes(value), Set.of(tags), TTL);
  }

  WriteResult write(SnapshotToken since, EntryKey key, Object value, long version, String... tags) {
    EntryWrite write = new EntryWrite(key, bytes(value), Set.of(tags), TTL, version);
    return entries.writeAll(since, List.of(write)).get(key);
  }

  /// To the third level alone, while the first server is away.
  WriteResult writePastRedis(SnapshotToken since, EntryKey key, Object value, Set<String> tags) {
    return database.inTransaction(
        connection -> outbox.write(connection, since, key, bytes(value), tags, TTL, 0));
  }

  void invalidate(Invalidation what, List<Integer> servers) {
    database.inTransaction(
        connection -> {
          outbox.add(connection, what, servers);
          return true;
        });
  }

  /// A connection outside the pool.
  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:" + url.replace("postgres:postgres@", ""), "postgres", "postgres");
  }

  /// Another pool on the same database.
  Database another() {
    return TestPostgres.open(url);
  }

  void run(String sql) {
    database.inStatement(
        connection -> {
          try (Statement s = connection.createStatement()) {
            return s.execute(sql);
          }
        });
  }

  long number(String sql) {
    return database.inStatement(connection -> number(connection, sql));
  }

  static long number(Connection connection, String sql) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(sql);
        ResultSet row = s.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /// Lets ten minutes pass for the marks of the purge.
  int purgeWithANewMark(int limit) {
    run("UPDATE cache_horizon SET next_at = clock_timestamp() - interval '11 minutes'");
    return entries.purge(limit).rows();
  }

  /// Lets ten minutes pass twice, and purges until nothing is left to do.
  void purgeAll() {
    purgeWithANewMark(100);
    purgeWithANewMark(100);
    // The first of these only sees that the mark counts.
    boolean more = true;
    for (int calls = 0; more || calls < 3; calls++) {
      more = entries.purge(100).more();
    }
  }

  /// Lets all values expire, and makes all traces of invalidations look old.
  void expireAll() {
    run("UPDATE cache_entry SET expires_at = 'epoch'");
  }

  @Override
  public void close() {
    database.close();
  }
}
