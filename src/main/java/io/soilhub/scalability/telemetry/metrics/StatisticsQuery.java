package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import io.soilhub.scalability.telemetry.metrics.PostgresSlots.Row;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/// What was recorded in a window up to now, over all replicas. This replica saves first what it has
/// and reads then, so that the answer holds everything of its own and all but the last seconds of
/// the others; asked again within a second it does not save again.
///
/// With PostgreSQL away it answers what this process still has in memory, and says so.
public final class StatisticsQuery {

  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final Duration LATE = Duration.ofSeconds(30);

  /// How far ahead of the clock a window ends. Replicas' clocks differ a little; what lies further
  /// ahead is from before a clock was set back, and seen when its time comes.
  static final Duration AHEAD = Duration.ofMinutes(2);

  private static final Duration MINUTES_SHOWN = Duration.ofHours(6);
  private static final Duration HOURS_SHOWN = Duration.ofDays(14);

  /// What a window held.
  ///
  /// @param complete false when only this process could be asked
  /// @param series with all that each held
  public record Window(Instant from, Instant to, boolean complete, Map<Series, TimeSlot> series) {

    public Duration length() {
      return Duration.between(from, to);
    }
  }

  /// How recording goes in this process.
  ///
  /// @param late whether saving has failed for longer than it may
  public record ProcessState(
      int series, Instant savedAt, boolean late, long overflowed, long lost) {}

  /// What one series held in stretches of time.
  public record Course(Duration step, Map<Series, SortedMap<Instant, TimeSlot>> points) {}

  private final RecorderRegistry recorderRegistry;
  private final SlotFlusher slotFlusher;
  private final PostgresSlots slots;
  private final WindowCache windows;
  private final Retention retention;
  private final BooleanSupplier postgres;
  private final Clock clock;

  /// @param postgres whether PostgreSQL answers, without making anybody wait
  StatisticsQuery(
      RecorderRegistry recorderRegistry,
      SlotFlusher slotFlusher,
      PostgresSlots slots,
      Retention retention,
      BooleanSupplier postgres,
      Clock clock) {
    this.recorderRegistry = recorderRegistry;
    this.slotFlusher = slotFlusher;
    this.slots = slots;
    this.windows = new WindowCache(slots);
    this.retention = retention;
    this.postgres = postgres;
    this.clock = clock;
  }

  /// @param length the window begins at a full minute, where these are not kept any more at a full
  ///   hour, and then at a day in UTC, so that it is up to that much longer
  /// @param name of one series, or of all
  public Window window(List<SeriesKind> kinds, Optional<String> name, Duration length) {
    Instant now = clock.instant();
    Instant from = begin(now, length);
    Instant to = now.plus(AHEAD);
    if (postgres.getAsBoolean()) {
      try {
        slotFlusher.step(FRESH);
        Map<Series, TimeSlot> series =
            name.isEmpty()
                ? windows.read(kinds, from, now, to)
                : Row.merged(slots.read(kinds, name, from, to));
        return new Window(from, now, true, series);
      } catch (DatabaseUnavailable _) {
        // answered from memory
      }
    }
    return new Window(from, now, false, remembered(kinds, name, from, to));
  }

  /// The course over a window: by the minute up to six hours, by the hour up to two weeks, by the
  /// day beyond.
  ///
  /// @param name of one series, or of all
  /// @throws DatabaseUnavailable when PostgreSQL is away
  public Course course(List<SeriesKind> kinds, Optional<String> name, Duration length) {
    Instant now = clock.instant();
    slotFlusher.step(FRESH);
    Resolution step =
        length.compareTo(MINUTES_SHOWN) <= 0
            ? Resolution.MINUTE
            : length.compareTo(HOURS_SHOWN) <= 0 ? Resolution.HOUR : Resolution.DAY;
    Instant from = begin(now, length);
    List<Row> rows =
        step == Resolution.MINUTE
            ? slots.readMinutes(kinds, name, from, now.plus(AHEAD))
            : slots.read(kinds, name, from, now.plus(AHEAD));
    Map<Series, SortedMap<Instant, List<TimeSlot>>> grouped = new LinkedHashMap<>();
    for (Row row : rows) {
      grouped
          .computeIfAbsent(row.series(), _ -> new TreeMap<>())
          .computeIfAbsent(step.floor(row.start()), _ -> new ArrayList<>())
          .add(row.slot());
    }
    Map<Series, SortedMap<Instant, TimeSlot>> points = new LinkedHashMap<>();
    grouped.forEach(
        (series, course) -> {
          SortedMap<Instant, TimeSlot> merged = new TreeMap<>();
          course.forEach((start, parts) -> merged.put(start, TimeSlot.merged(parts)));
          points.put(series, merged);
        });
    return new Course(step.length(), points);
  }

  private Instant begin(Instant now, Duration length) {
    Instant begin = now.minus(length);
    Resolution finest =
        Arrays.stream(Resolution.values())
            .filter(r -> begin.isAfter(now.minus(retention.of(r)).plus(r.next())))
            .findFirst()
            .orElse(Resolution.DAY);
    return finest.floor(begin);
  }

  public ProcessState state() {
    return new ProcessState(
        recorderRegistry.all().size(),
        slotFlusher.savedAt(),
        slotFlusher.age().compareTo(LATE) > 0,
        recorderRegistry.overflowed(),
        recorderRegistry.all().stream().mapToLong(SeriesRecorder::lost).sum());
  }

  private Map<Series, TimeSlot> remembered(
      List<SeriesKind> kinds, Optional<String> name, Instant from, Instant to) {
    Map<Series, TimeSlot> found = new LinkedHashMap<>();
    for (SeriesRecorder recorder : recorderRegistry.all()) {
      Series series = recorder.series();
      TimeSlot slot = recorder.within(Minute.number(from), Minute.number(to));
      if (kinds.contains(series.kind())
          && name.map(series.name()::equals).orElse(true)
          && slot.count() > 0) {
        found.put(series, slot);
      }
    }
    return found;
  }
}
