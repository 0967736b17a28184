package io.soilhub.scalability.cache.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.Function;

/// Values as columns, for statements that take many rows at once.
final class Columns {

  private Columns() {}

  static Array types(Connection connection, Collection<EntryKey> keys) throws SQLException {
    return of(connection, "text", keys, EntryKey::type);
  }

  static Array keys(Connection connection, Collection<EntryKey> keys) throws SQLException {
    return of(connection, "text", keys, EntryKey::key);
  }

  static <T> Array of(
      Connection connection, String type, Collection<T> rows, Function<T, Object> column)
      throws SQLException {
    return connection.createArrayOf(type, rows.stream().map(column).toArray());
  }
}
