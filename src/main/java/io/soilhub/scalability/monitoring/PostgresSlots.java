package io.soilhub.scalability.monitoring;

import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Json;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Slots of all replicas in PostgreSQL.
final class PostgresSlots {

  /// Minutes that this process saves: one row for each, overwritten as it grows, so that a save
  /// that is repeated changes nothing.
  record Row(Series series, Instant start, Slot slot) {}

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String NAME_SERIES =
      """
      INSERT INTO monitored_series (kind, name, labels) VALUES (?, ?, ?::jsonb)
      ON CONFLICT (kind, name, labels) DO UPDATE SET name = excluded.name
      RETURNING series_id
      """;

  private static final String SAVE =
      """
      INSERT INTO series_slot (series_id, resolution, starts_at, writer, %s)
      VALUES (?, 'minute', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (series_id, resolution, starts_at, writer) DO UPDATE
      SET count = excluded.count, errors = excluded.errors, total = excluded.total,
          minimum = excluded.minimum, maximum = excluded.maximum, latest = excluded.latest,
          latest_at = excluded.latest_at, distribution = excluded.distribution
      WHERE NOT series_slot.rolled_up
      """
          .formatted(SlotRows.COLUMNS);

  /// A window as the union of what covers it without overlap: finer rows before the first whole
  /// slot of the next resolution and wherever they are not contained in a coarser one yet.
  private static final String READ =
      """
      SELECT s.kind, s.name, s.labels, t.resolution, t.starts_at, %s
      FROM series_slot t JOIN monitored_series s USING (series_id)
      WHERE s.kind = ANY (?) AND (? IS NULL OR s.name = ?)
        AND (t.resolution = 'minute' AND t.starts_at >= ?
               AND (NOT t.rolled_up OR t.starts_at < ?)
          OR t.resolution = 'hour' AND t.starts_at >= ? AND (NOT t.rolled_up OR t.starts_at < ?)
          OR t.resolution = 'day' AND t.starts_at >= ?)
      """
          .formatted("t." + SlotRows.COLUMNS.replace(", ", ", t."));

  private static final String READ_MINUTES =
      """
      SELECT s.kind, s.name, s.labels, t.resolution, t.starts_at, %s
      FROM series_slot t JOIN monitored_series s USING (series_id)
      WHERE s.kind = ANY (?) AND (? IS NULL OR s.name = ?)
        AND t.resolution = 'minute' AND t.starts_at >= ?
      """
          .formatted("t." + SlotRows.COLUMNS.replace(", ", ", t."));

  private final Database database;
  private final UUID writer;
  private final Map<Series, Long> ids = new ConcurrentHashMap<>();

  /// @param writer id of this process; another one even for the same replica after a restart
  PostgresSlots(Database database, UUID writer) {
    this.database = database;
    this.writer = writer;
  }

  /// Saves all or none.
  void save(Collection<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    // Each by itself: in one transaction two replicas could wait for each other's new series.
    for (Row row : rows) {
      ids.computeIfAbsent(row.series, s -> database.inStatement(c -> name(c, s)));
    }
    database.inTransaction(connection -> save(connection, rows));
  }

  /// Everything that lies in the window from `from` on, as the slots it is kept in.
  ///
  /// @param from beginning of a minute
  List<Row> read(List<SeriesKind> kinds, Optional<String> name, Instant from) {
    Instant hour = Resolution.HOUR.ceiling(from);
    Instant day = Resolution.DAY.ceiling(hour);
    return query(READ, kinds, name, from, hour, hour, day, day);
  }

  /// The same in minutes alone; as far back as minutes are kept.
  List<Row> readMinutes(List<SeriesKind> kinds, Optional<String> name, Instant from) {
    return query(READ_MINUTES, kinds, name, from);
  }

  private List<Row> query(
      String sql, List<SeriesKind> kinds, Optional<String> name, Instant... times) {
    return database.inStatement(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setQueryTimeout((int) PATIENCE.toSeconds());
            Array wanted =
                connection.createArrayOf("text", kinds.stream().map(SlotRows::kind).toArray());
            statement.setArray(1, wanted);
            statement.setString(2, name.orElse(null));
            statement.setString(3, name.orElse(null));
            for (int i = 0; i < times.length; i++) {
              statement.setObject(4 + i, SlotRows.time(times[i]));
            }
            statement.setFetchSize(1000);
            List<Row> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                Instant start =
                    row.getObject("starts_at", java.time.OffsetDateTime.class).toInstant();
                found.add(new Row(SlotRows.series(row), start, SlotRows.slot(row)));
              }
            }
            return found;
          }
        });
  }

  private int save(Connection connection, Collection<Row> rows) throws SQLException {
    try (PreparedStatement save = connection.prepareStatement(SAVE)) {
      save.setQueryTimeout((int) PATIENCE.toSeconds());
      for (Row row : rows) {
        save.setLong(1, ids.get(row.series));
        save.setObject(2, SlotRows.time(row.start));
        save.setObject(3, writer);
        SlotRows.set(save, 4, row.slot);
        save.addBatch();
      }
      return save.executeBatch().length;
    }
  }

  private static long name(Connection connection, Series series) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(NAME_SERIES)) {
      insert.setQueryTimeout((int) PATIENCE.toSeconds());
      insert.setString(1, SlotRows.kind(series.kind()));
      insert.setString(2, series.name());
      insert.setString(3, Json.write(series.labels().values()));
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
