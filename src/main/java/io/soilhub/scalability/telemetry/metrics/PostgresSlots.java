package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.platform.core.Json;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Slots of all replicas in PostgreSQL.
final class PostgresSlots {

  /// A minute that this process saves: one row, overwritten as it grows, so that a save that is
  /// repeated changes nothing.
  record Growing(Series series, Minute minute, TimeSlot slot) {}

  /// What some process or all of them had in a stretch of time.
  record Row(Series series, Instant start, TimeSlot slot) {

    /// What the rows of each series held together.
    static Map<Series, TimeSlot> merged(List<Row> rows) {
      Map<Series, List<TimeSlot>> parts = new LinkedHashMap<>();
      rows.forEach(row -> parts.computeIfAbsent(row.series, _ -> new ArrayList<>()).add(row.slot));
      Map<Series, TimeSlot> merged = new LinkedHashMap<>();
      parts.forEach((series, slots) -> merged.put(series, TimeSlot.merged(slots)));
      return merged;
    }
  }

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
          .formatted(TimeSlotRows.COLUMNS);

  private static final String SERIES =
      "SELECT series_id, kind, name, labels FROM monitored_series WHERE kind = ANY (?)";

  private static final String NAMED = " AND name = ?";

  private static final String PART =
      "SELECT series_id, starts_at, "
          + TimeSlotRows.COLUMNS
          + " FROM series_slot"
          + " WHERE series_id = ANY (?) AND resolution = '%s'"
          + " AND starts_at >= ? AND starts_at <= ?%s";

  private static final String ALL_MINUTES = PART.formatted("minute", "");
  private static final String OPEN_MINUTES = PART.formatted("minute", " AND NOT rolled_up");

  /// A window as the union of what covers it without overlap: finer rows before the first whole
  /// slot of the next resolution and wherever they are not contained in a coarser one yet. Each
  /// part is a range of an index.
  private static final String WINDOW =
      String.join(
          " UNION ALL ",
          PART.formatted("minute", " AND starts_at < ?"),
          OPEN_MINUTES,
          PART.formatted("hour", " AND starts_at < ?"),
          PART.formatted("hour", " AND NOT rolled_up"),
          PART.formatted("day", ""));

  private final Database database;
  private final UUID writer;
  private final Map<Series, Long> ids = new ConcurrentHashMap<>();

  /// @param writer id of this process; another one even for the same replica after a restart
  PostgresSlots(Database database, UUID writer) {
    this.database = database;
    this.writer = writer;
  }

  /// Saves all or none.
  ///
  /// @param begun is run before the first row is sent
  /// @return the rows that came too late, because they are contained in an hour already
  /// @throws io.soilhub.scalability.platform.postgres.QueryFailed when a row is refused
  List<Growing> save(List<Growing> rows, Runnable begun) {
    // Each by itself: in one transaction two replicas could wait for each other's new series.
    for (Growing row : rows) {
      ids.computeIfAbsent(row.series, s -> database.inStatement(c -> name(c, s)));
    }
    return database.inTransaction(
        connection -> {
          begun.run();
          return save(connection, rows);
        });
  }

  /// Looks the series up again: another server, or an older state of this one, may have others.
  void forget() {
    ids.clear();
  }

  /// Everything that lies in a window, as the slots it is kept in.
  ///
  /// @param from beginning of a minute
  /// @param to when the last slot begins at the latest
  List<Row> read(List<SeriesKind> kinds, Optional<String> name, Instant from, Instant to) {
    Instant hour = Resolution.HOUR.ceiling(from);
    Instant day = Resolution.DAY.ceiling(hour);
    return query(
        WINDOW,
        kinds,
        name,
        List.of(
            List.of(from, to, hour),
            List.of(hour, to),
            List.of(hour, to, day),
            List.of(day, to),
            List.of(day, to)));
  }

  /// The same in minutes alone; as far back as minutes are kept.
  List<Row> readMinutes(List<SeriesKind> kinds, Optional<String> name, Instant from, Instant to) {
    return query(ALL_MINUTES, kinds, name, List.of(List.of(from, to)));
  }

  /// Minutes from `from` on that are not contained in an hour yet.
  List<Row> readOpenMinutes(List<SeriesKind> kinds, Instant from, Instant to) {
    return query(OPEN_MINUTES, kinds, Optional.empty(), List.of(List.of(from, to)));
  }

  /// @param parts the times of each part of the statement
  private List<Row> query(
      String sql, List<SeriesKind> kinds, Optional<String> name, List<List<Instant>> parts) {
    return database.inStatement(
        connection -> {
          Map<Long, Series> series = series(connection, kinds, name);
          List<Row> found = new ArrayList<>();
          if (series.isEmpty()) {
            return found;
          }
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setQueryTimeout((int) PATIENCE.toSeconds());
            Array wanted = connection.createArrayOf("bigint", series.keySet().toArray());
            int parameter = 1;
            for (List<Instant> part : parts) {
              statement.setArray(parameter++, wanted);
              for (Instant time : part) {
                statement.setObject(parameter++, TimeSlotRows.time(time));
              }
            }
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                Instant start = row.getObject("starts_at", OffsetDateTime.class).toInstant();
                found.add(
                    new Row(series.get(row.getLong("series_id")), start, TimeSlotRows.slot(row)));
              }
            }
          }
          return found;
        });
  }

  private static Map<Long, Series> series(
      Connection connection, List<SeriesKind> kinds, Optional<String> name) throws SQLException {
    String sql = name.isPresent() ? SERIES + NAMED : SERIES;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setQueryTimeout((int) PATIENCE.toSeconds());
      Object[] wanted = kinds.stream().map(TimeSlotRows::kind).toArray();
      statement.setArray(1, connection.createArrayOf("text", wanted));
      if (name.isPresent()) {
        statement.setString(2, name.get());
      }
      Map<Long, Series> found = new HashMap<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.put(row.getLong("series_id"), TimeSlotRows.series(row));
        }
      }
      return found;
    }
  }

  private List<Growing> save(Connection connection, List<Growing> rows) throws SQLException {
    try (PreparedStatement save = connection.prepareStatement(SAVE)) {
      save.setQueryTimeout((int) PATIENCE.toSeconds());
      for (Growing row : rows) {
        save.setLong(1, ids.get(row.series));
        save.setObject(2, TimeSlotRows.time(row.minute.start()));
        save.setObject(3, writer(row.minute.run()));
        TimeSlotRows.set(save, 4, row.slot);
        save.addBatch();
      }
      int[] changed = save.executeBatch();
      List<Growing> late = new ArrayList<>();
      for (int i = 0; i < changed.length; i++) {
        if (changed[i] == 0) {
          late.add(rows.get(i));
        }
      }
      return late;
    }
  }

  /// Minutes that come again must not overwrite those of before.
  private UUID writer(int run) {
    return new UUID(writer.getMostSignificantBits(), writer.getLeastSignificantBits() + run);
  }

  private static long name(Connection connection, Series series) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(NAME_SERIES)) {
      insert.setQueryTimeout((int) PATIENCE.toSeconds());
      insert.setString(1, TimeSlotRows.kind(series.kind()));
      insert.setString(2, series.name());
      insert.setString(3, Json.write(series.labels().values()));
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
