package io.soilhub.scalability.cache.postgres;

import io.soilhub.scalability.cache.postgres.WriteResult.Outcome;
import io.soilhub.scalability.platform.postgres.Database;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// What is true in PostgreSQL and owed to the levels above: a queue for each Redis server, so that
/// one that is away holds up none of the others. A row is written in the transaction that makes it
/// true and deleted in one that ends after its delivery, so that it is delivered at least once,
/// whoever dies when; any number of replicas may deliver.
public final class InvalidationOutbox {

  /// Stands for all servers together in rows of replicas of the version before.
  public static final int ALL_SERVERS = -1;

  private static final String ADD =
      """
      INSERT INTO cache_outbox (server, data_types, keys, tags, version)
      SELECT server, ?::text[], ?::text[], ?::text[], ? FROM unnest(?::smallint[]) AS server
      """;
  private static final String LOOK =
      """
      SELECT outbox_id, added_at, data_types, keys, tags, version FROM cache_outbox
      WHERE server = ? AND outbox_id > ? ORDER BY outbox_id LIMIT ?
      """;
  private static final String TAKE = LOOK + " FOR UPDATE SKIP LOCKED";
  private static final String DELETE = "DELETE FROM cache_outbox WHERE outbox_id = ANY (?)";

  /// Rows of replicas of the version before are owed to all servers together.
  private static final String SPREAD =
      """
      WITH whole AS (
        DELETE FROM cache_outbox WHERE outbox_id = ANY (ARRAY(
          SELECT outbox_id FROM cache_outbox WHERE server = %d
          ORDER BY outbox_id LIMIT ? FOR UPDATE SKIP LOCKED))
        RETURNING data_types, keys, tags, version)
      INSERT INTO cache_outbox (server, data_types, keys, tags, version)
      SELECT server, data_types, keys, tags, version
      FROM whole, generate_series(0, ? - 1) AS server
      """
          .formatted(ALL_SERVERS);

  /// No entry lives as long. Rows of this age are of a server that is no longer used.
  private static final String FORGET =
      """
      DELETE FROM cache_outbox WHERE outbox_id = ANY (ARRAY(
        SELECT outbox_id FROM (SELECT outbox_id, added_at FROM cache_outbox
                               ORDER BY outbox_id LIMIT ?) AS oldest
        WHERE added_at < statement_timestamp() - interval '32 days'))
      """;

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
  /// others when the rows are relayed.
  ///
  /// @param servers that have to be told, by their numbers
  public void add(Connection connection, Invalidation what, Collection<Integer> servers)
      throws SQLException {
    if (!what.isEmpty()) {
      entries.invalidate(connection, what);
      owe(connection, what, 0, servers);
    }
  }

  /// Stores a put in the caller's transaction while a server is away, under a version of
  /// PostgreSQL's own, and owes the server its invalidation. Nothing is owed when it is refused.
  ///
  /// @param since taken before the put began
  public WriteResult write(
      Connection connection,
      SnapshotToken since,
      EntryKey key,
      byte[] payload,
      Set<String> tags,
      Duration ttl,
      int server)
      throws SQLException {
    List<EntryWrite> put = List.of(EntryWrite.pastRedis(key, payload, tags, ttl));
    WriteResult writeResult = EntryUpserts.store(connection, since, put).get(key);
    if (writeResult.outcome() == Outcome.STORED) {
      owe(connection, Invalidation.of(key), writeResult.version(), List.of(server));
    }
    return writeResult;
  }

  /// Delivers the oldest rows of a server that no other relay is at, and deletes them. They stay
  /// when `deliver` throws. It runs inside the transaction, so it has to come back soon.
  ///
  /// @return how many; `limit` when there may be more
  public int relay(int server, int limit, Consumer<List<OutboxRow>> deliver) {
    return database.inTransaction(
        connection -> {
          List<OutboxRow> oldest = read(connection, TAKE, server, 0, limit);
          if (!oldest.isEmpty()) {
            deliver.accept(oldest);
            try (PreparedStatement s = connection.prepareStatement(DELETE)) {
              s.setArray(1, Columns.of(connection, "bigint", oldest, OutboxRow::id));
              s.executeUpdate();
            }
          }
          return oldest.size();
        });
  }

  /// The oldest rows of a server after one of them, also those that a relay is at. They stay.
  ///
  /// @param after its id, or 0
  public List<OutboxRow> owed(int server, long after, int limit) {
    return database.inStatement(connection -> read(connection, LOOK, server, after, limit));
  }

  /// Owes to each server what replicas of the version before owe to all of them together.
  public void spread(int servers, int limit) {
    database.inStatement(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(SPREAD)) {
            s.setInt(1, limit);
            s.setInt(2, servers);
            return s.executeUpdate();
          }
        });
  }

  /// Deletes what has been owed for longer than any entry lives.
  public int forget(int limit) {
    return database.inStatement(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(FORGET)) {
            s.setInt(1, limit);
            return s.executeUpdate();
          }
        });
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

  private static void owe(
      Connection connection, Invalidation what, long version, Collection<Integer> servers)
      throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(ADD)) {
      s.setArray(1, Columns.types(connection, what.keys()));
      s.setArray(2, Columns.keys(connection, what.keys()));
      s.setArray(3, connection.createArrayOf("text", what.tags().toArray()));
      s.setLong(4, version);
      s.setArray(5, connection.createArrayOf("int2", servers.toArray()));
      s.executeUpdate();
    }
  }

  private static List<OutboxRow> read(
      Connection connection, String sql, int server, long after, int limit) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(sql)) {
      s.setInt(1, server);
      s.setLong(2, after);
      s.setInt(3, limit);
      List<OutboxRow> oldest = new ArrayList<>();
      try (ResultSet row = s.executeQuery()) {
        while (row.next()) {
          String[] types = texts(row.getArray("data_types"));
          String[] keys = texts(row.getArray("keys"));
          Set<EntryKey> gone = new HashSet<>();
          for (int i = 0; i < keys.length; i++) {
            gone.add(new EntryKey(types[i], keys[i]));
          }
          Invalidation what = new Invalidation(gone, Set.of(texts(row.getArray("tags"))));
          Instant addedAt = row.getObject("added_at", OffsetDateTime.class).toInstant();
          oldest.add(
              new OutboxRow(row.getLong("outbox_id"), addedAt, what, row.getLong("version")));
        }
      }
      return oldest;
    }
  }

  private static String[] texts(Array array) throws SQLException {
    return (String[]) array.getArray();
  }
}
