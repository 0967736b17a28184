package io.soilhub.scalability.monitoring.anomalies;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.telemetry.histogram.Histogram;
import io.soilhub.scalability.telemetry.histogram.HistogramSnapshot;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.Series;
import io.soilhub.scalability.telemetry.metrics.SeriesKind;
import io.soilhub.scalability.telemetry.metrics.TimeSlot;
import io.soilhub.scalability.testing.HandSetClock;
import io.soilhub.scalability.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AnomalyDetectorIT {

  private static final Series WORK = new Series(SeriesKind.OPERATION, "work", Labels.NONE);
  private static final BaselineStore.Key COUNT =
      new BaselineStore.Key("work", ObservedStatistic.COUNT);
  private static final BaselineStore.Key SECONDS =
      new BaselineStore.Key("work", ObservedStatistic.SECONDS);

  private final Map<BaselineStore.Key, Double> told = new HashMap<>();
  private final Random random = new Random(4);
  private Instant now = Instant.parse("2026-05-04T00:01:00Z");
  private ToIntFunction<Instant> traffic = this::usual;
  private long millis = 20;
  private List<Series> operations = List.of(WORK);
  private Database database;
  private AnomalyDetector watch;

  @BeforeEach
  void open() {
    database = TestPostgres.open(TestPostgres.shared().newDatabase());
    database.migrate();
    watch = watch();
  }

  @AfterEach
  void close() {
    database.close();
  }

  /// No threshold sees traffic that is missing at noon and would be usual at night.
  @Test
  void silenceAtNoonIsUnusualOnWhicheverReplicaLooks() {
    hours(12 + 9 * 24);
    assertThat(told).containsEntry(COUNT, 0.0).containsEntry(SECONDS, 0.0);

    traffic = _ -> 0;
    hours(1);
    assertThat(told).containsEntry(COUNT, -1.0).containsEntry(SECONDS, 0.0);
    // Another one takes over, with nothing but what is stored.
    told.clear();
    watch = watch();
    hours(1);
    assertThat(told).containsEntry(COUNT, -1.0);

    traffic = this::usual;
    hours(2);
    assertThat(told).containsEntry(COUNT, 0.0);
  }

  @Test
  void slownessIsUnusualAndNothingIsSaidBeforeAWeek() {
    hours(5 * 24);
    assertThat(told).isEmpty();
    hours(4 * 24);
    millis = 400;
    hours(1);
    assertThat(told).containsEntry(SECONDS, 1.0).containsEntry(COUNT, 0.0);
  }

  /// By weeks, so that the seasons go on.
  @Test
  void aClockThatWasWrongForWeeksAndIsSetRightStopsNothing() {
    now = Instant.parse("2099-05-04T00:01:00Z");
    hours(12 + 9 * 24);
    now = now.minus(70, ChronoUnit.DAYS);
    told.clear();
    hours(2);
    assertThat(told).containsEntry(COUNT, 0.0);
    traffic = _ -> 0;
    hours(1);
    assertThat(told).containsEntry(COUNT, -1.0);
  }

  /// There is room for two.
  @Test
  void everyOperationHasAVerdictHoweverManyThereAre() {
    hours(1);
    operations = List.of(WORK, operation("harvest"), operation("sow"), operation("weed"));
    hours(12 + 9 * 24);
    assertThat(told.keySet())
        .extracting(BaselineStore.Key::operation)
        .hasSize(2 * 3)
        .contains("work", Series.OVERFLOW);
    traffic = _ -> 0;
    hours(1);
    assertThat(told)
        .containsEntry(new BaselineStore.Key(Series.OVERFLOW, ObservedStatistic.COUNT), -1.0);
    assertThat(verdicts().get(Labels.of("operation", Series.OVERFLOW, "measure", "count")))
        .isEqualTo(-1.0);
    assertThat(verdicts()).hasSize(2 * 3);
    watch.rest();
    assertThat(verdicts()).isEmpty();
  }

  private Map<Labels, Double> verdicts() {
    Map<Labels, Double> verdicts = new HashMap<>();
    for (MetricFamily.Sample sample : watch.family().samples()) {
      verdicts.put(sample.labels(), ((MetricFamily.Value) sample).value());
    }
    return verdicts;
  }

  private static Series operation(String name) {
    return new Series(SeriesKind.OPERATION, name, Labels.NONE);
  }

  private void hours(int hours) {
    for (int i = 0; i < hours; i++) {
      now = now.plus(1, ChronoUnit.HOURS);
      watch.step();
    }
  }

  private AnomalyDetector watch() {
    return new AnomalyDetector(
        this::course, 2, new BaselineStore(database), told::put, new HandSetClock(() -> now));
  }

  /// One slot every five minutes stands for the minutes in it.
  private Map<Series, SortedMap<Instant, TimeSlot>> course(Duration length) {
    SortedMap<Instant, TimeSlot> course = new TreeMap<>();
    Instant first = now.minus(length).truncatedTo(ChronoUnit.HOURS);
    for (Instant at = first; at.isBefore(now); at = at.plus(AnomalyDetector.STEP)) {
      int count = traffic.applyAsInt(at);
      if (count > 0) {
        course.put(at, slot(count));
      }
    }
    Map<Series, SortedMap<Instant, TimeSlot>> courses = new HashMap<>();
    operations.forEach(operation -> courses.put(operation, course));
    return course.isEmpty() ? Map.of() : courses;
  }

  private TimeSlot slot(int count) {
    Histogram histogram = new Histogram();
    for (int i = 0; i < count; i++) {
      histogram.record(millis * 1e6 * (0.9 + 0.2 * random.nextDouble()));
    }
    HistogramSnapshot of = histogram.histogramSnapshot();
    return new TimeSlot(of.count(), 0, of.sum(), of.min(), of.max(), 0, Instant.EPOCH, of);
  }

  private int usual(Instant at) {
    double hour = at.getEpochSecond() / 3600.0 % 24;
    return (int)
        Math.round(200 + 150 * Math.sin((hour - 6) / 24 * 2 * Math.PI) + random.nextInt(9));
  }
}
