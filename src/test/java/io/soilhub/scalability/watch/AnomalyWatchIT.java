package io.soilhub.scalability.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.monitoring.Labels;
import io.soilhub.scalability.monitoring.Series;
import io.soilhub.scalability.monitoring.SeriesKind;
import io.soilhub.scalability.monitoring.Slot;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.quantiles.Distribution;
import io.soilhub.scalability.quantiles.Histogram;
import io.soilhub.scalability.testing.HandSetClock;
import io.soilhub.scalability.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
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
class AnomalyWatchIT {

  private static final Series WORK = new Series(SeriesKind.OPERATION, "work", Labels.NONE);
  private static final Baselines.Key COUNT = new Baselines.Key("work", Measure.COUNT);
  private static final Baselines.Key SECONDS = new Baselines.Key("work", Measure.SECONDS);

  private final Map<Baselines.Key, Double> told = new HashMap<>();
  private final Random random = new Random(4);
  private Instant now = Instant.parse("2026-05-04T00:01:00Z");
  private ToIntFunction<Instant> traffic = this::usual;
  private long millis = 20;
  private Database database;
  private AnomalyWatch watch;

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

  private void hours(int hours) {
    for (int i = 0; i < hours; i++) {
      now = now.plus(1, ChronoUnit.HOURS);
      watch.step();
    }
  }

  private AnomalyWatch watch() {
    return new AnomalyWatch(
        this::course, new Baselines(database), told::put, new HandSetClock(() -> now));
  }

  /// One slot every five minutes stands for the minutes in it.
  private Map<Series, SortedMap<Instant, Slot>> course(Duration length) {
    SortedMap<Instant, Slot> course = new TreeMap<>();
    Instant first = now.minus(length).truncatedTo(ChronoUnit.HOURS);
    for (Instant at = first; at.isBefore(now); at = at.plus(AnomalyWatch.STEP)) {
      int count = traffic.applyAsInt(at);
      if (count > 0) {
        course.put(at, slot(count));
      }
    }
    return course.isEmpty() ? Map.of() : Map.of(WORK, course);
  }

  private Slot slot(int count) {
    Histogram histogram = new Histogram();
    for (int i = 0; i < count; i++) {
      histogram.record(millis * 1e6 * (0.9 + 0.2 * random.nextDouble()));
    }
    Distribution of = histogram.distribution();
    return new Slot(of.count(), 0, of.sum(), of.min(), of.max(), 0, Instant.EPOCH, of);
  }

  private int usual(Instant at) {
    double hour = at.getEpochSecond() / 3600.0 % 24;
    return (int)
        Math.round(200 + 150 * Math.sin((hour - 6) / 24 * 2 * Math.PI) + random.nextInt(9));
  }
}
