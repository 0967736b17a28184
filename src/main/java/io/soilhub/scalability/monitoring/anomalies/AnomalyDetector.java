package io.soilhub.scalability.monitoring.anomalies;

import io.soilhub.scalability.monitoring.anomalies.BaselineStore.Stored;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.Series;
import io.soilhub.scalability.telemetry.metrics.TimeSlot;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ObjDoubleConsumer;

/// Judges each finished stretch of five minutes of each operation against what is usual for it.
///
/// An hour that the clock shows a second time is not judged twice; when it was set back by more,
/// the baselines go on from where it is now.
final class AnomalyDetector {

  /// By `operation` and `measure`; rules can look at it as at any metric.
  static final String GAUGE = "soilhub_operation_anomaly";

  static final Duration STEP = Duration.ofMinutes(5);

  /// Replicas save within seconds: then a stretch is whole.
  private static final Duration GRACE = Duration.ofSeconds(30);

  /// Older stretches are a gap: nobody was there to look.
  private static final Duration LOOK_BACK = Duration.ofHours(1);

  private static final Logger LOG = System.getLogger(AnomalyDetector.class.getName());

  private final Function<Duration, Map<Series, SortedMap<Instant, TimeSlot>>> minutes;
  private final int most;
  private final BaselineStore baselineStore;
  private final ObjDoubleConsumer<BaselineStore.Key> told;
  private final Clock clock;
  private final Set<BaselineStore.Key> unusual = new HashSet<>();
  private final Map<BaselineStore.Key, Double> verdicts = new ConcurrentHashMap<>();
  private Instant judgedTo = Instant.EPOCH;

  /// @param minutes what each operation of the cluster did by the minute, over a length up to now
  /// @param most operations that are told apart; those that come later are judged as one
  /// @param told of each verdict: 1 for unusually high, -1 for unusually low, 0 for usual
  AnomalyDetector(
      Function<Duration, Map<Series, SortedMap<Instant, TimeSlot>>> minutes,
      int most,
      BaselineStore baselineStore,
      ObjDoubleConsumer<BaselineStore.Key> told,
      Clock clock) {
    this.minutes = minutes;
    this.most = most;
    this.baselineStore = baselineStore;
    this.told = told;
    this.clock = clock;
  }

  /// To be called every half minute or so, by one replica at a time.
  void step() {
    Instant end = floor(clock.instant().minus(GRACE));
    if (end.equals(judgedTo)) {
      return;
    }
    Map<BaselineStore.Key, Stored> known = baselineStore.read();
    Set<String> operations = new TreeSet<>();
    known.keySet().forEach(key -> operations.add(key.operation()));
    Map<String, SortedMap<Instant, TimeSlot>> courses = courses(operations);
    List<Map.Entry<BaselineStore.Key, Stored>> changed = new ArrayList<>();
    for (String operation : operations) {
      SortedMap<Instant, TimeSlot> course = courses.getOrDefault(operation, new TreeMap<>());
      for (ObservedStatistic observedStatistic : ObservedStatistic.values()) {
        BaselineStore.Key key = new BaselineStore.Key(operation, observedStatistic);
        Stored stored = known.get(key);
        if (stored == null || stored.judgedTo().isBefore(end) || isAhead(stored, end)) {
          changed.add(Map.entry(key, judge(key, stored, course, end)));
        }
      }
    }
    baselineStore.save(changed);
    judgedTo = end;
  }

  /// What each operation did, by its name as far as there is room for it.
  ///
  /// @param operations those that have their place; the others are added
  private Map<String, SortedMap<Instant, TimeSlot>> courses(Set<String> operations) {
    Map<String, SortedMap<Instant, TimeSlot>> courses = new HashMap<>();
    minutes
        .apply(LOOK_BACK.plus(STEP))
        .forEach(
            (series, course) -> {
              String name = series.name();
              if (operations.size() >= most && !operations.contains(name)) {
                name = Series.OVERFLOW;
              }
              operations.add(name);
              SortedMap<Instant, TimeSlot> whole =
                  courses.computeIfAbsent(name, _ -> new TreeMap<>());
              course.forEach(
                  (minute, slot) ->
                      whole.merge(minute, slot, (a, b) -> TimeSlot.merged(List.of(a, b))));
            });
    return courses;
  }

  /// The last verdicts, for Prometheus.
  MetricFamily family() {
    List<MetricFamily.Value> values =
        verdicts.entrySet().stream()
            .map(verdict -> new MetricFamily.Value(verdict.getKey().labels(), verdict.getValue()))
            .sorted(Comparator.comparing(value -> value.labels().toString()))
            .toList();
    return new MetricFamily(
        GAUGE,
        "1 while an operation is unusually frequent or slow for the hour, -1 for the opposite.",
        MetricFamily.Type.GAUGE,
        values);
  }

  /// Another replica judges now.
  void rest() {
    verdicts.clear();
    unusual.clear();
  }

  private Stored judge(
      BaselineStore.Key key, Stored stored, SortedMap<Instant, TimeSlot> course, Instant end) {
    BaselineSettings settings = key.measure().settings(STEP);
    Baseline baseline = restored(key, settings, stored);
    if (stored != null && isAhead(stored, end)) {
      baseline.setBack();
      return new Stored(baseline.toBytes(), end);
    }
    Instant earliest = end.minus(LOOK_BACK);
    Instant from = stored == null ? firstOf(course, end) : stored.judgedTo();
    for (Instant start = from.isBefore(earliest) ? earliest : from;
        start.isBefore(end);
        start = start.plus(STEP)) {
      TimeSlot slot = TimeSlot.merged(List.copyOf(course.subMap(start, start.plus(STEP)).values()));
      OptionalDouble value = key.measure().of(slot);
      if (value.isPresent()) {
        tell(key, value.getAsDouble(), baseline.next(start.plus(STEP), value.getAsDouble()));
      }
    }
    return new Stored(baseline.toBytes(), end);
  }

  private static boolean isAhead(Stored stored, Instant end) {
    return stored.judgedTo().isAfter(end.plus(LOOK_BACK));
  }

  /// One that this version cannot read is learnt anew.
  private static Baseline restored(
      BaselineStore.Key key, BaselineSettings settings, Stored stored) {
    if (stored != null) {
      try {
        return Baseline.restore(settings, stored.bytes());
      } catch (IllegalArgumentException e) {
        LOG.log(Level.WARNING, "the baseline of {0} is learnt anew: {1}", key, e.getMessage());
      }
    }
    return new Baseline(settings);
  }

  private void tell(BaselineStore.Key key, double value, AnomalyScore anomalyScore) {
    double side = 0;
    if (anomalyScore.verdict() instanceof AnomalyState.Anomalous anomalous) {
      side = anomalous.direction() == AnomalyState.Direction.HIGH ? 1 : -1;
      if (unusual.add(key)) {
        LOG.log(
            Level.WARNING,
            "{0} of {1} is unusual: {2} where {3} was expected",
            key.measure().text(),
            key.operation(),
            value,
            anomalyScore.expected());
      }
    } else {
      unusual.remove(key);
    }
    if (!(anomalyScore.verdict() instanceof AnomalyState.Learning)) {
      verdicts.put(key, side);
      told.accept(key, side);
    }
  }

  private static Instant firstOf(SortedMap<Instant, TimeSlot> course, Instant end) {
    return course.isEmpty() ? end : floor(course.firstKey());
  }

  private static Instant floor(Instant at) {
    return Instant.ofEpochSecond(at.getEpochSecond() / STEP.toSeconds() * STEP.toSeconds());
  }
}
