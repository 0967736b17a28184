package io.soilhub.scalability.entries;

import io.soilhub.scalability.entries.Written.Outcome;
import io.soilhub.scalability.platform.Database;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// What is true in PostgreSQL and owed to the other levels. A row is written in the transaction
/// that makes it true and deleted in one that ends after its delivery, so that it is delivered at
/// least once, whoever dies when; any number of replicas may deliver.
public final class InvalidationOutbox {

  private static final String ADD =
      "INSERT INTO cache_outbox (data_types, keys, tags, version) VALUES (?, ?, ?, ?)";
  private static final String LOOK =
      "SELECT outbox_id, data_types, keys, tags, version FROM cache_outbox"
          + " ORDER BY outbox_id LIMIT ?";
  private static final String OLDEST = LOOK + " FOR UPDATE SKIP LOCKED";
  private static final String DELETE = "DELETE FROM cache_outbox WHERE outbox_id = ANY (?)";

  /// By the index: read from its beginning, a table is as long as it ever was.
  private static final String EMPTY =
      "SELECT (SELECT outbox_id FROM cache_outbox ORDER BY outbox_id LIMIT 1) IS NULL";

  private final Database database;
  private final PostgresEntries entries;

  public InvalidationOutbox(Database database, PostgresEntries entries) {
    this.database = database;
    this.entries = entries;
  }

  /// Invalidates in the caller's transaction: the third level is right when that commits, the
  /// others when the row is relayed.
  public void add(Connection connection, Invalidation what) throws SQLException {
    if (!what.isEmpty()) {
      entries.invalidate(connection, what);
      owe(connection, what, 0);
    }
  }

  /// Invalidates in a transaction of its own.
  public void add(Invalidation what) {
    database.inTransaction(
        connection -> {
          add(connection, what);
          return true;
        });
  }

  /// Stores a put while Redis is away, under a version of PostgreSQL's own, and owes its
  /// invalidation to Redis. Nothing is owed when it is refused.
  ///
  /// @param since taken before the put began
  public Written write(Sight since, EntryKey key, byte[] payload, Set<String> tags, Duration ttl) {
    List<Write> put = List.of(Write.pastRedis(key, payload, tags, ttl));
    return database.inTransaction(
        connection -> {
          Written written = Puts.store(connection, since, put).get(key);
          if (written.outcome() == Outcome.STORED) {
            owe(connection, Invalidation.of(key), written.version());
          }
          return written;
        });
  }

  /// Delivers the oldest rows that no other relay is at, and deletes them. They stay when `deliver`
  /// throws. It runs inside the transaction, so it has to come back soon.
  ///
  /// @return how many; `limit` when there may be more
  public int relay(int limit, Consumer<List<Owed>> deliver) {
    return database.inTransaction(
        connection -> {
          List<Owed> oldest = read(connection, OLDEST, limit);
          if (!oldest.isEmpty()) {
            deliver.accept(oldest);
            try (PreparedStatement s = connection.prepareStatement(DELETE)) {
              s.setArray(1, Columns.of(connection, "bigint", oldest, Owed::id));
              s.executeUpdate();
            }
          }
          return oldest.size();
        });
  }

  /// The oldest rows, also those that a relay is at. They stay.
  public List<Owed> oldest(int limit) {
    return database.inStatement(connection -> read(connection, LOOK, limit));
  }

  /// Whether nothing is owed: neither waiting nor with a relay.
  public boolean empty() {
    return database.inStatement(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(EMPTY);
              ResultSet row = s.executeQuery()) {
            row.next();
            return row.getBoolean(1);
          }
        });
  }

  private static void owe(Connection connection, Invalidation what, long version)
      throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(ADD)) {
      s.setArray(1, Columns.types(connection, what.keys()));
      s.setArray(2, Columns.keys(connection, what.keys()));
      s.setArray(3, connection.createArrayOf("text", what.tags().toArray()));
      s.setLong(4, version);
      s.executeUpdate();
    }
  }

  private static List<Owed> read(Connection connection, String sql, int limit) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(sql)) {
      s.setInt(1, limit);
      List<Owed> oldest = new ArrayList<>();
      try (ResultSet row = s.executeQuery()) {
        while (row.next()) {
          String[] types = texts(row.getArray(2));
          String[] keys = texts(row.getArray(3));
          Set<EntryKey> gone = new HashSet<>();
          for (int i = 0; i < keys.length; i++) {
            gone.add(new EntryKey(types[i], keys[i]));
          }
          Invalidation what = new Invalidation(gone, Set.of(texts(row.getArray(4))));
          oldest.add(new Owed(row.getLong(1), what, row.getLong(5)));
        }
      }
      return oldest;
    }
  }

  private static String[] texts(Array array) throws SQLException {
    return (String[]) array.getArray();
  }
}
