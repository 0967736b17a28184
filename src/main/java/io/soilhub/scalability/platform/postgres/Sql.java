package io.soilhub.scalability.platform.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Single statements with their values, on a connection of the caller's. A value may be an
/// [Instant], an [Array], an `Optional` (empty for NULL) or whatever the driver takes.
public final class Sql {

  /// Rows of an answer that are in memory besides what was read of them, inside a transaction.
  private static final int ROWS_AT_A_TIME = 5_000;

  /// Reads one row.
  @FunctionalInterface
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// An array as a value.
  ///
  /// @param type of the elements, by PostgreSQL's name
  public record Array(String type, Collection<?> elements) {}

  private Sql() {}

  public static Array array(String type, Collection<?> elements) {
    return new Array(type, elements);
  }

  /// @return how many rows were changed
  public static int update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, values)) {
      return statement.executeUpdate();
    }
  }

  /// As [#update], given up after a time, for instance because a row is locked.
  ///
  /// @param limit in whole seconds
  public static int updateWithin(
      Duration limit, Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, values)) {
      statement.setQueryTimeout((int) limit.toSeconds());
      return statement.executeUpdate();
    }
  }

  /// The same statement for each of the rows.
  public static void batch(Connection connection, String sql, List<Object[]> rows)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Object[] row : rows) {
        bind(statement, row);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  public static <T> List<T> read(
      Connection connection, String sql, RowReader<T> reader, Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, values)) {
      return rows(statement, reader);
    }
  }

  /// As [#read], given up after a time.
  ///
  /// @param limit in whole seconds
  public static <T> List<T> readWithin(
      Duration limit, Connection connection, String sql, RowReader<T> reader, Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, values)) {
      statement.setQueryTimeout((int) limit.toSeconds());
      return rows(statement, reader);
    }
  }

  /// The first row, if there is one and what is read of it is not null.
  public static <T> Optional<T> first(
      Connection connection, String sql, RowReader<T> reader, Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, values);
        ResultSet row = statement.executeQuery()) {
      return row.next() ? Optional.ofNullable(reader.read(row)) : Optional.empty();
    }
  }

  public static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static <T> List<T> rows(PreparedStatement statement, RowReader<T> reader)
      throws SQLException {
    statement.setFetchSize(ROWS_AT_A_TIME);
    List<T> rows = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        rows.add(reader.read(row));
      }
    }
    return rows;
  }

  private static PreparedStatement prepared(Connection connection, String sql, Object[] values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      bind(statement, values);
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  private static void bind(PreparedStatement statement, Object[] values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i] instanceof Optional<?> maybe ? maybe.orElse(null) : values[i];
      switch (value) {
        case null -> statement.setNull(i + 1, Types.NULL);
        case Instant at ->
            statement.setObject(i + 1, at.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
        case Array array ->
            statement.setArray(
                i + 1,
                statement.getConnection().createArrayOf(array.type(), array.elements().toArray()));
        default -> statement.setObject(i + 1, value);
      }
    }
  }
}
