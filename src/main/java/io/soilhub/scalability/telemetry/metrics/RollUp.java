package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.platform.postgres.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Adds finished minutes of all processes to hours and finished hours to days, and removes what is
/// older than is kept. A row is added and marked in one transaction, so that it counts once however
/// often this is broken off; one that comes late is added when it comes, to the day as well when
/// its hour is contained in that already.
final class RollUp {

  /// How long after its end a slot may still grow: replicas save within seconds.
  static final Duration GRACE = Duration.ofMinutes(5);

  private static final UUID NOBODY = new UUID(0, 0);

  /// Rows of one transaction.
  private static final int BATCH = 5000;

  /// Series of one transaction, of which each may have hundreds of rows.
  private static final int SERIES_BATCH = 50;

  private static final int PATIENCE_SECONDS = 30;

  /// Found by their place, as those that are forgotten: by their keys the planner may join them
  /// with the whole table.
  private static final String TAKE =
      """
      UPDATE series_slot SET rolled_up = true
      WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM series_slot
        WHERE resolution = ? AND NOT rolled_up AND starts_at < ?
        ORDER BY starts_at LIMIT %d FOR UPDATE SKIP LOCKED))
      RETURNING series_id, starts_at, %s
      """
          .formatted(BATCH, TimeSlotRows.COLUMNS);

  private static final String BEFORE =
      """
      SELECT rolled_up, %s FROM series_slot
      WHERE series_id = ? AND resolution = ? AND starts_at = ? AND writer = ? FOR UPDATE
      """
          .formatted(TimeSlotRows.COLUMNS);

  private static final String PUT =
      """
      INSERT INTO series_slot (series_id, resolution, starts_at, writer, %s)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (series_id, resolution, starts_at, writer) DO UPDATE
      SET count = excluded.count, errors = excluded.errors, total = excluded.total,
          minimum = excluded.minimum, maximum = excluded.maximum, latest = excluded.latest,
          latest_at = excluded.latest_at, distribution = excluded.distribution
      """
          .formatted(TimeSlotRows.COLUMNS);

  /// Two at once would each add to an hour what the other does not see.
  private static final String ALONE =
      "SELECT pg_try_advisory_xact_lock(hashtextextended('monitor-roll-up', 0))";

  private static final String FORGET =
      """
      DELETE FROM series_slot WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM series_slot
        WHERE resolution = ? AND starts_at < ? AND (rolled_up OR ?)
        ORDER BY starts_at LIMIT %d FOR UPDATE SKIP LOCKED))
      """
          .formatted(BATCH);

  /// Asks for one slot of each series: as an anti-join it would read all slots.
  private static final String FORGET_SERIES =
      """
      DELETE FROM monitored_series s
      WHERE created_at < ? AND (SELECT t.series_id FROM series_slot t
                                WHERE t.series_id = s.series_id LIMIT 1) IS NULL
      """;

  /// The gauges of replicas that are gone: a replica has another name after each start, so they
  /// would be kept as long as days are, and every answer would look through them.
  private static final String FORGET_NODES =
      """
      DELETE FROM monitored_series WHERE series_id = ANY (ARRAY(
        SELECT s.series_id FROM monitored_series s
        WHERE s.kind = 'gauge' AND s.name LIKE 'soilhub\\_%%' AND s.labels -> 'node' IS NOT NULL
          AND s.created_at < ? AND (SELECT t.series_id FROM series_slot t
                                    WHERE t.series_id = s.series_id AND t.resolution = 'minute'
                                      AND t.starts_at >= ? LIMIT 1) IS NULL
        LIMIT %d))
      """
          .formatted(SERIES_BATCH);

  private record Target(long seriesId, Instant start) {}

  private final Database database;
  private final Retention retention;
  private final Clock clock;

  RollUp(Database database, Retention retention, Clock clock) {
    this.database = database;
    this.retention = retention;
    this.clock = clock;
  }

  /// To be called every minute or so, by one replica at a time.
  void step() {
    roll(Resolution.MINUTE, Resolution.HOUR);
    roll(Resolution.HOUR, Resolution.DAY);
    forget();
  }

  private void roll(Resolution from, Resolution into) {
    Instant end = into.floor(clock.instant().minus(GRACE));
    int taken = BATCH;
    while (taken == BATCH) {
      taken = database.inTransaction(connection -> roll(connection, from, into, end));
    }
  }

  private static int roll(Connection connection, Resolution from, Resolution into, Instant end)
      throws SQLException {
    if (!alone(connection)) {
      return 0;
    }
    Map<Target, List<TimeSlot>> parts = new LinkedHashMap<>();
    int taken = 0;
    try (PreparedStatement take = connection.prepareStatement(TAKE)) {
      take.setQueryTimeout(PATIENCE_SECONDS);
      take.setString(1, from.column());
      take.setObject(2, TimeSlotRows.time(end));
      try (ResultSet row = take.executeQuery()) {
        while (row.next()) {
          Instant start = row.getObject("starts_at", OffsetDateTime.class).toInstant();
          parts
              .computeIfAbsent(
                  new Target(row.getLong("series_id"), into.floor(start)), _ -> new ArrayList<>())
              .add(TimeSlotRows.slot(row));
          taken++;
        }
      }
    }
    for (Map.Entry<Target, List<TimeSlot>> part : parts.entrySet()) {
      add(connection, into, part.getKey(), part.getValue());
    }
    return taken;
  }

  private static boolean alone(Connection connection) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(ALONE)) {
      lock.setQueryTimeout(PATIENCE_SECONDS);
      try (ResultSet row = lock.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private static void add(
      Connection connection, Resolution into, Target target, Collection<TimeSlot> slots)
      throws SQLException {
    List<TimeSlot> all = new ArrayList<>(slots);
    boolean late = false;
    try (PreparedStatement before = connection.prepareStatement(BEFORE)) {
      before.setQueryTimeout(PATIENCE_SECONDS);
      identify(before, 1, into, target);
      try (ResultSet row = before.executeQuery()) {
        if (row.next()) {
          all.add(TimeSlotRows.slot(row));
          late = row.getBoolean("rolled_up");
        }
      }
    }
    try (PreparedStatement put = connection.prepareStatement(PUT)) {
      put.setQueryTimeout(PATIENCE_SECONDS);
      identify(put, 1, into, target);
      TimeSlotRows.set(put, 5, TimeSlot.merged(all));
      put.executeUpdate();
    }
    if (late) {
      Target day = new Target(target.seriesId, Resolution.DAY.floor(target.start));
      add(connection, Resolution.DAY, day, slots);
    }
  }

  private static void identify(
      PreparedStatement statement, int first, Resolution resolution, Target target)
      throws SQLException {
    statement.setLong(first, target.seriesId);
    statement.setString(first + 1, resolution.column());
    statement.setObject(first + 2, TimeSlotRows.time(target.start));
    statement.setObject(first + 3, NOBODY);
  }

  private void forget() {
    Instant now = clock.instant();
    for (Resolution resolution : Resolution.values()) {
      int forgotten = BATCH;
      while (forgotten == BATCH) {
        forgotten = database.inStatement(connection -> forget(connection, resolution, now));
      }
    }
    int reclaimed = SERIES_BATCH;
    while (reclaimed == SERIES_BATCH) {
      reclaimed = database.inStatement(connection -> forgetNodes(connection, now));
    }
    database.inStatement(
        connection -> {
          try (PreparedStatement forget = connection.prepareStatement(FORGET_SERIES)) {
            forget.setQueryTimeout(PATIENCE_SECONDS);
            forget.setObject(1, TimeSlotRows.time(now.minus(retention.days())));
            return forget.executeUpdate();
          }
        });
  }

  private int forgetNodes(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement forget = connection.prepareStatement(FORGET_NODES)) {
      forget.setQueryTimeout(PATIENCE_SECONDS);
      forget.setObject(1, TimeSlotRows.time(now.minus(retention.minutes())));
      forget.setObject(2, TimeSlotRows.time(now.minus(retention.minutes())));
      return forget.executeUpdate();
    }
  }

  private int forget(Connection connection, Resolution resolution, Instant now)
      throws SQLException {
    try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
      forget.setQueryTimeout(PATIENCE_SECONDS);
      forget.setString(1, resolution.column());
      forget.setObject(2, TimeSlotRows.time(now.minus(retention.of(resolution))));
      forget.setBoolean(3, resolution == Resolution.DAY);
      return forget.executeUpdate();
    }
  }
}
