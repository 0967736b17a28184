package io.soilhub.scalability.telemetry.metrics;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.soilhub.scalability.telemetry.metrics.PostgresSlots.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Windows of all series. Of a running hour every minute of every replica is a row, so that a read
/// would take longer the later in the hour it comes. Therefore what finished minutes held is read
/// once a minute and kept, and a read adds the minutes since. What a replica saves after
/// [RollUp#GRACE], because PostgreSQL was away, is shown a minute later.
final class WindowCache {

  /// Windows that are kept: callers ask for few different ones.
  private static final int WINDOWS = 4;

  private record Key(List<SeriesKind> kinds, Instant from, Instant until) {}

  private final PostgresSlots slots;
  private final Cache<Key, Map<Series, TimeSlot>> finished =
      Caffeine.newBuilder()
          .maximumSize(WINDOWS)
          .expireAfterWrite(Duration.ofMinutes(1).plus(RollUp.GRACE))
          .build();

  WindowCache(PostgresSlots slots) {
    this.slots = slots;
  }

  /// @param from beginning of a minute
  /// @param to when the last slot begins at the latest
  /// @throws io.soilhub.scalability.platform.postgres.DatabaseUnavailable when PostgreSQL is away
  Map<Series, TimeSlot> read(List<SeriesKind> kinds, Instant from, Instant now, Instant to) {
    Instant until = Resolution.MINUTE.floor(now.minus(RollUp.GRACE));
    if (!until.isAfter(from)) {
      return Row.merged(slots.read(kinds, Optional.empty(), from, to));
    }
    List<Row> rows = new ArrayList<>();
    finished
        .get(new Key(kinds, from, until), this::readFinished)
        .forEach((series, slot) -> rows.add(new Row(series, from, slot)));
    // Minutes that are in an hour are among the finished ones.
    rows.addAll(slots.readOpenMinutes(kinds, until, to));
    return Row.merged(rows);
  }

  private Map<Series, TimeSlot> readFinished(Key key) {
    return Row.merged(
        slots.read(key.kinds, Optional.empty(), key.from, key.until).stream()
            .filter(row -> row.start().isBefore(key.until))
            .toList());
  }
}
