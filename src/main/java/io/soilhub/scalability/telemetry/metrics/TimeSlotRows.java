package io.soilhub.scalability.telemetry.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.telemetry.histogram.HistogramSnapshot;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Slots and series as columns.
final class TimeSlotRows {

  /// As [#set] numbers them and [#slot] reads them.
  static final String COLUMNS =
      "count, errors, total, minimum, maximum, latest, latest_at, distribution";

  private TimeSlotRows() {}

  /// @param first number of the first of eight parameters
  static void set(PreparedStatement statement, int first, TimeSlot slot) throws SQLException {
    statement.setLong(first, slot.count());
    statement.setLong(first + 1, slot.errors());
    statement.setDouble(first + 2, slot.sum());
    statement.setDouble(first + 3, slot.min());
    statement.setDouble(first + 4, slot.max());
    statement.setDouble(first + 5, slot.latest());
    statement.setObject(first + 6, time(slot.latestAt()));
    statement.setBytes(first + 7, slot.distribution().bytes());
  }

  static TimeSlot slot(ResultSet row) throws SQLException {
    return new TimeSlot(
        row.getLong("count"),
        row.getLong("errors"),
        row.getDouble("total"),
        row.getDouble("minimum"),
        row.getDouble("maximum"),
        row.getDouble("latest"),
        row.getObject("latest_at", OffsetDateTime.class).toInstant(),
        HistogramSnapshot.of(row.getBytes("distribution")));
  }

  static Series series(ResultSet row) throws SQLException {
    Map<String, String> labels = new TreeMap<>();
    JsonNode stored = Json.parse(row.getString("labels"));
    stored.properties().forEach(field -> labels.put(field.getKey(), field.getValue().asText()));
    SeriesKind kind = SeriesKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT));
    return new Series(kind, row.getString("name"), Labels.of(labels));
  }

  static OffsetDateTime time(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  static String kind(SeriesKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
