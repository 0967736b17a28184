package io.soilhub.scalability.telemetry.metrics;

import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// The recorders of this process by their series. Bounded: a name that has its number of label sets
/// gets one more, labelled `overflow`, for all that come later, and so does a name too many.
final class RecorderRegistry {

  static final Labels OVERFLOW = Labels.of("overflow", "true");

  private final int maxNames;
  private final int maxPerName;
  private final Clock clock;
  private final Map<Series, SeriesRecorder> all = new ConcurrentHashMap<>();

  /// Those of operations, by name: one is looked up at every request.
  private final Map<String, SeriesRecorder> operations = new ConcurrentHashMap<>();

  private final Map<String, AtomicInteger> names = new ConcurrentHashMap<>();
  private final LongAdder overflowed = new LongAdder();
  private Minute minute;

  RecorderRegistry(int maxNames, int maxPerName, Clock clock) {
    this.maxNames = maxNames;
    this.maxPerName = maxPerName;
    this.clock = clock;
    this.minute = Minute.first(clock.instant());
  }

  /// The recorder of an operation.
  SeriesRecorder operation(String name) {
    SeriesRecorder known = operations.get(name);
    return known == null ? of(Series.operation(name)) : known;
  }

  /// The recorder of a series, or of what it overflows into.
  SeriesRecorder of(Series series) {
    return of(series, maxPerName);
  }

  /// @param most sets of labels that the name may have
  SeriesRecorder of(Series series, int most) {
    SeriesRecorder known = all.get(series);
    return known == null ? add(series, most) : known;
  }

  int maxNames() {
    return maxNames;
  }

  Collection<SeriesRecorder> all() {
    return all.values();
  }

  /// Recordings that went into an overflow, as far as they were looked up.
  long overflowed() {
    return overflowed.sum();
  }

  /// To be called about every second.
  void roll() {
    Minute now = turn();
    all.values().forEach(recorder -> recorder.roll(now));
  }

  private synchronized Minute turn() {
    minute = minute.next(clock.instant());
    return minute;
  }

  private synchronized SeriesRecorder add(Series series, int most) {
    SeriesRecorder known = all.get(series);
    if (known != null) {
      return known;
    }
    boolean newName = !names.containsKey(key(series));
    if (newName && names.size() >= maxNames && !series.name().equals(Series.OVERFLOW)) {
      overflowed.increment();
      return of(new Series(series.kind(), Series.OVERFLOW, Labels.NONE));
    }
    AtomicInteger sets = names.computeIfAbsent(key(series), _ -> new AtomicInteger());
    if (sets.get() >= most && !series.labels().equals(OVERFLOW)) {
      overflowed.increment();
      return of(new Series(series.kind(), series.name(), OVERFLOW));
    }
    sets.incrementAndGet();
    SeriesRecorder made = new SeriesRecorder(series, turn());
    all.put(series, made);
    if (series.kind() == SeriesKind.OPERATION && series.labels().equals(Labels.NONE)) {
      operations.put(series.name(), made);
    }
    return made;
  }

  private static String key(Series series) {
    return series.kind() + " " + series.name();
  }
}
