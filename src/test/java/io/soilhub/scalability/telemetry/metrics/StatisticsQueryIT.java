package io.soilhub.scalability.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HandSetClock;
import io.soilhub.scalability.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class StatisticsQueryIT {

  private static final List<SeriesKind> OPERATIONS = List.of(SeriesKind.OPERATION);
  private static final Retention RETENTION =
      new Retention(Duration.ofHours(48), Duration.ofDays(35), Duration.ofDays(400), 1000, 200);

  /// One process on the common database and clock.
  private final class Process {
    private final RecorderRegistry recorderRegistry = new RecorderRegistry(1000, 200, clock);
    private final MetricsRecorder metricsRecorder =
        new MetricsRecorder(recorderRegistry, () -> 0, clock);
    private final PostgresSlots slots = new PostgresSlots(database, UUID.randomUUID());
    private final SlotFlusher slotFlusher =
        new SlotFlusher(recorderRegistry, slots, clock, StatisticsQueryIT.this::nanos);
    private final StatisticsQuery statistics =
        new StatisticsQuery(recorderRegistry, slotFlusher, slots, RETENTION, () -> true, clock);
  }

  private final HandSetClock clock = new HandSetClock("2026-05-01T10:07:00Z");

  /// By how much the clock was set back, which no ticker takes part in.
  private Duration setBack = Duration.ZERO;

  private Database database;
  private Process one;
  private Process two;
  private RollUp rollUp;

  @BeforeEach
  void open() {
    database = TestPostgres.open(TestPostgres.shared().newDatabase());
    database.migrate();
    one = new Process();
    two = new Process();
    rollUp = new RollUp(database, RETENTION, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void everyReplicaGivesTheSameAnswerForAll() {
    Random random = new Random(3);
    List<Double> all = new ArrayList<>();
    for (int minute = 0; minute < 5; minute++) {
      for (Process process : List.of(one, two)) {
        process.recorderRegistry.roll();
        for (int i = 0; i < 500; i++) {
          long nanos = (long) (1e6 * Math.exp(random.nextGaussian()));
          all.add((double) nanos);
          process.metricsRecorder.timer("work").record(nanos, i % 50 == 0);
        }
        process.slotFlusher.step();
      }
      clock.forward(Duration.ofMinutes(1));
    }
    Collections.sort(all);
    for (Process process : List.of(one, two)) {
      StatisticsQuery.Window window =
          process.statistics.window(OPERATIONS, Optional.empty(), Duration.ofHours(1));
      assertThat(window.complete()).isTrue();
      TimeSlot work = window.series().get(Series.operation("work"));
      assertThat(work.count()).isEqualTo(5000);
      assertThat(work.errors()).isEqualTo(100);
      for (double q : new double[] {0.5, 0.95, 0.99}) {
        double exact = all.get((int) Math.ceil(q * all.size()) - 1);
        assertThat(work.distribution().quantile(q)).isCloseTo(exact, within(exact / 100));
      }
    }
  }

  @Test
  void theSameMinuteSavedOftenCountsOnceAndANewProcessAddsToIt() {
    one.metricsRecorder.timer("work").record(5, false);
    one.slotFlusher.step();
    one.slotFlusher.step();
    one.metricsRecorder.timer("work").record(5, false);
    one.slotFlusher.step();
    // As after a kill and a restart within the minute.
    Process again = new Process();
    again.metricsRecorder.timer("work").record(5, true);
    again.slotFlusher.step();
    assertThat(count(two, Duration.ofHours(1))).isEqualTo(3);
  }

  @Test
  void hoursAndDaysHoldWhatMinutesHeldAndEveryWindowCountsItOnce() {
    Instant begin = clock.instant();
    long recorded = 0;
    for (int step = 0; step < 3 * 24 * 4; step++) {
      for (Process process : List.of(one, two)) {
        process.recorderRegistry.roll();
        process.metricsRecorder.timer("work").record(1_000_000 + step, false);
        process.slotFlusher.step();
        recorded++;
      }
      clock.forward(Duration.ofMinutes(15));
      if (step % 7 == 0) {
        rollUp.step();
      }
      if (step % 40 == 0) {
        assertThat(count(one, Duration.between(begin, clock.instant()))).isEqualTo(recorded);
      }
    }
    rollUp.step();
    assertThat(rows("minute", "rolled_up")).isPositive();
    assertThat(rows("hour", "rolled_up")).isPositive();
    assertThat(rows("day", "true")).isEqualTo(3);
    assertThat(count(one, Duration.ofHours(100))).isEqualTo(recorded);
    // Windows that begin within an hour and within a day.
    assertThat(count(one, Duration.ofHours(1))).isEqualTo(2 * 4);
    assertThat(count(one, Duration.ofHours(30))).isEqualTo(2 * 4 * 30);
    assertThat(count(one, Duration.ofHours(46))).isEqualTo(2 * 4 * 46);
  }

  /// However late in the hour: each replica reads what lies behind it once a minute.
  @Test
  void aWindowOfAllSeriesReadsTheMinutesOfTheRunningHourOnceAMinute() {
    clock.forward(Duration.ofMinutes(53));
    for (int minute = 0; minute < 50; minute++) {
      for (Process process : List.of(one, two)) {
        process.recorderRegistry.roll();
        process.metricsRecorder.timer("work").record(1_000_000, false);
        process.slotFlusher.step();
      }
      clock.forward(Duration.ofMinutes(1));
    }
    assertThat(countOfAll(one)).isEqualTo(100);
    // Seen only by those who read them: a minute later, when each finished minute is read again.
    execute(
        "DELETE FROM series_slot WHERE starts_at < '%s'"
            .formatted(clock.instant().minus(Duration.ofMinutes(6))));
    two.metricsRecorder.timer("work").record(1_000_000, false);
    two.slotFlusher.step();
    assertThat(countOfAll(one)).isEqualTo(101);
    clock.forward(Duration.ofMinutes(1));
    assertThat(countOfAll(one)).isLessThan(20);
  }

  @Test
  void aWindowOfAllSeriesCountsOnceWhatIsRolledUpOrSavedLateMeanwhile() {
    for (int minute = 0; minute < 59; minute++) {
      one.recorderRegistry.roll();
      one.metricsRecorder.timer("work").record(1, false);
      one.slotFlusher.step();
      assertThat(countOfAll(two)).isEqualTo(minute + 1);
      rollUp.step();
      assertThat(countOfAll(two)).isEqualTo(minute + 1);
      clock.forward(Duration.ofMinutes(1));
    }
    two.metricsRecorder.timer("work").record(1, false);
    clock.forward(Duration.ofMinutes(8));
    assertThat(countOfAll(one)).isEqualTo(59);
    two.slotFlusher.step();
    clock.forward(Duration.ofMinutes(1));
    assertThat(countOfAll(one)).isEqualTo(60);
  }

  @Test
  void aMinuteThatComesLateIsAddedToItsHourAndItsDay() {
    one.metricsRecorder.timer("work").record(1, false);
    one.slotFlusher.step();
    two.metricsRecorder.timer("work").record(1, false);
    clock.forward(Duration.ofDays(1));
    rollUp.step();
    rollUp.step();
    assertThat(rows("day", "true")).isEqualTo(1);
    assertThat(count(one, Duration.ofDays(2))).isEqualTo(1);
    two.slotFlusher.step();
    assertThat(count(one, Duration.ofDays(2))).isEqualTo(2);
    rollUp.step();
    rollUp.step();
    assertThat(count(one, Duration.ofDays(2))).isEqualTo(2);
    assertThat(count(one, Duration.ofDays(3))).isEqualTo(2);
  }

  @Test
  void whatIsTooOldIsForgottenAndNothingElse() {
    one.metricsRecorder.timer("work").record(1, false);
    one.slotFlusher.step();
    for (int day = 0; day < 40; day++) {
      clock.forward(Duration.ofDays(1));
      rollUp.step();
    }
    assertThat(rows("minute", "true")).isZero();
    assertThat(rows("hour", "true")).isZero();
    assertThat(rows("day", "true")).isEqualTo(1);
    assertThat(count(one, Duration.ofDays(60))).isEqualTo(1);
    clock.forward(Duration.ofDays(400));
    rollUp.step();
    assertThat(rows("day", "true")).isZero();
  }

  /// A replica has another name after each start.
  @Test
  void theGaugesOfAReplicaThatIsGoneAreForgottenAfterItsMinutes() {
    one.metricsRecorder.gauge("soilhub_load", Labels.of("node", "gone")).set(1);
    one.metricsRecorder.gauge("soilhub_load", Labels.of("node", "here")).set(1);
    one.metricsRecorder.gauge("soilhub_backlog", Labels.of("queue", "q")).set(1);
    one.metricsRecorder.gauge("stock", Labels.of("node", "of a caller's")).set(1);
    one.slotFlusher.step();
    execute("UPDATE monitored_series SET created_at = 'epoch'");
    for (int hour = 0; hour < 47; hour++) {
      clock.forward(Duration.ofHours(1));
      rollUp.step();
    }
    assertThat(series("soilhub_load")).isEqualTo(2);
    one.recorderRegistry.roll();
    one.metricsRecorder.gauge("soilhub_load", Labels.of("node", "here")).set(2);
    one.slotFlusher.step();
    clock.forward(Duration.ofHours(2));
    rollUp.step();
    assertThat(series("soilhub_load")).isEqualTo(1);
    assertThat(series("soilhub_backlog")).isEqualTo(1);
    assertThat(series("stock")).isEqualTo(1);
    // It was only away for long.
    one.recorderRegistry.roll();
    one.metricsRecorder.gauge("soilhub_load", Labels.of("node", "gone")).set(3);
    one.slotFlusher.step();
    assertThat(series("soilhub_load")).isEqualTo(2);
    assertThat(one.statistics.state().lost()).isZero();
  }

  private int series(String name) {
    return two.statistics
        .window(List.of(SeriesKind.GAUGE), Optional.of(name), Duration.ofDays(60))
        .series()
        .size();
  }

  @Test
  void theCourseShowsEachMinuteOfAllReplicas() {
    for (int minute = 0; minute < 3; minute++) {
      for (Process process : List.of(one, two)) {
        process.recorderRegistry.roll();
        process.metricsRecorder.timer("work").record(1_000_000L * (minute + 1), false);
        process.slotFlusher.step();
      }
      clock.forward(Duration.ofMinutes(1));
    }
    StatisticsQuery.Course course =
        two.statistics.course(OPERATIONS, Optional.of("work"), Duration.ofHours(1));
    SortedMap<Instant, TimeSlot> points = course.points().get(Series.operation("work"));
    assertThat(points.values()).extracting(TimeSlot::count).containsExactly(2L, 2L, 2L);
    assertThat(points.firstKey()).isEqualTo(Instant.parse("2026-05-01T10:07:00Z"));
    assertThat(points.get(points.lastKey()).average()).isEqualTo(3e6);
    assertThat(
            two.statistics
                .course(OPERATIONS, Optional.of("work"), Duration.ofHours(24))
                .points()
                .get(Series.operation("work")))
        .hasSize(1);
  }

  @Test
  void aGaugeIsWhatAnyReplicaSetLast() {
    Labels north = Labels.of("site", "north");
    one.metricsRecorder.gauge("stock", north).set(5);
    clock.forward(Duration.ofSeconds(10));
    two.metricsRecorder.gauge("stock", north).set(3);
    one.slotFlusher.step();
    two.slotFlusher.step();
    TimeSlot stock =
        one.statistics
            .window(List.of(SeriesKind.GAUGE), Optional.of("stock"), Duration.ofHours(1))
            .series()
            .get(new Series(SeriesKind.GAUGE, "stock", north));
    assertThat(stock.latest()).isEqualTo(3);
    assertThat(stock.count()).isEqualTo(2);
  }

  @Test
  void withoutPostgresqlAReplicaAnswersFromMemoryAndSavesLater() {
    TestPostgres server = TestPostgres.start();
    try (Database away = TestPostgres.open(server.newDatabase())) {
      away.migrate();
      PostgresSlots slots = new PostgresSlots(away, UUID.randomUUID());
      SlotFlusher slotFlusher = new SlotFlusher(one.recorderRegistry, slots, clock, this::nanos);
      StatisticsQuery statistics =
          new StatisticsQuery(
              one.recorderRegistry, slotFlusher, slots, RETENTION, () -> true, clock);
      server.stop();
      one.metricsRecorder.timer("work").record(7, false);
      clock.forward(Duration.ofMinutes(10));
      one.recorderRegistry.roll();
      assertThatThrownBy(slotFlusher::step).isInstanceOf(DatabaseUnavailable.class);
      StatisticsQuery.Window window =
          statistics.window(OPERATIONS, Optional.of("work"), Duration.ofHours(1));
      assertThat(window.complete()).isFalse();
      assertThat(window.series().get(Series.operation("work")).count()).isEqualTo(1);
      assertThat(statistics.state().late()).isTrue();
      server.restart();
      // The pool may still hand out connections of before.
      Await.until("saved", Duration.ofSeconds(30), () -> saves(slotFlusher));
      clock.forward(Duration.ofSeconds(2));
      assertThat(statistics.window(OPERATIONS, Optional.of("work"), Duration.ofHours(1)).complete())
          .isTrue();
    } finally {
      server.close();
    }
  }

  /// PostgreSQL holds no NUL in a text.
  @Test
  void aSeriesThatPostgresqlRefusesKeepsNoOtherAway() {
    one.metricsRecorder.counter("bad", Labels.of("a", "\u0000")).add(1);
    one.metricsRecorder.timer("work").record(1, false);
    one.slotFlusher.step();
    assertThat(count(two, Duration.ofHours(1))).isEqualTo(1);
    assertThat(one.statistics.state().lost()).isEqualTo(1);
    one.metricsRecorder.timer("work").record(1, false);
    one.slotFlusher.step();
    assertThat(count(two, Duration.ofHours(1))).isEqualTo(2);
  }

  /// As after a failover to a server that lacks the newest rows.
  @Test
  void aSeriesThatIsGoneIsMadeAgain() {
    one.metricsRecorder.timer("work").record(1, false);
    one.slotFlusher.step();
    execute("DELETE FROM monitored_series");
    one.metricsRecorder.timer("work").record(1, false);
    one.slotFlusher.step();
    assertThat(count(two, Duration.ofHours(1))).isEqualTo(2);
  }

  @Test
  void whatComesAfterItsHourWasClosedIsCountedAsLost() {
    one.metricsRecorder.timer("work").record(1, false);
    one.slotFlusher.step();
    one.metricsRecorder.timer("work").record(1, false);
    clock.forward(Duration.ofHours(2));
    rollUp.step();
    one.slotFlusher.step();
    assertThat(count(two, Duration.ofHours(5))).isEqualTo(1);
    assertThat(one.statistics.state().lost()).isEqualTo(1);
  }

  /// Twenty-nine minutes that both processes have recorded come a second time.
  @Test
  void whenTheClockIsSetBackNothingIsLostAndNothingWaitsForItToCatchUp() {
    Duration back = Duration.ofMinutes(29);
    for (int minute = 0; minute < 30; minute++) {
      workFor(Duration.ofMinutes(1));
    }
    assertThat(count(one, Duration.ofMinutes(5))).isEqualTo(2 * 5);

    clock.forward(back.negated());
    setBack = back;
    assertThat(count(one, Duration.ofMinutes(1))).as("not what lies ahead").isLessThanOrEqualTo(8);
    for (int minute = 0; minute < 10; minute++) {
      workFor(Duration.ofMinutes(1));
    }
    SortedMap<Instant, TimeSlot> course =
        two.statistics
            .course(OPERATIONS, Optional.of("work"), Duration.ofMinutes(9))
            .points()
            .get(Series.operation("work"));
    assertThat(course.headMap(clock.instant()).values())
        .as("both times")
        .extracting(TimeSlot::count)
        .containsOnly(4L);
    for (int minute = 10; minute < 30; minute++) {
      workFor(Duration.ofMinutes(1));
    }
    assertThat(count(one, Duration.ofHours(2))).isEqualTo(2 * 60);
    clock.forward(Duration.ofHours(2));
    rollUp.step();
    assertThat(count(one, Duration.ofHours(5))).isEqualTo(2 * 60);
    assertThat(one.statistics.state().lost()).isZero();
  }

  @Test
  void whatIsNotSavedIsLateAlsoWhenTheClockWasSetBack() {
    workFor(Duration.ZERO);
    assertThat(one.statistics.state().late()).isFalse();
    clock.forward(Duration.ofMinutes(-29));
    setBack = Duration.ofMinutes(30);
    assertThat(one.statistics.state().late()).isTrue();
    workFor(Duration.ZERO);
    assertThat(one.statistics.state().late()).isFalse();
  }

  @Test
  void aGaugeIsWhatWasSetAfterTheClockWasSetBack() {
    one.metricsRecorder.gauge("stock", Labels.NONE).set(5);
    one.slotFlusher.step();
    clock.forward(Duration.ofMinutes(-29));
    setBack = Duration.ofMinutes(29);
    one.recorderRegistry.roll();
    one.metricsRecorder.gauge("stock", Labels.NONE).set(3);
    one.slotFlusher.step();
    Series stock = new Series(SeriesKind.GAUGE, "stock", Labels.NONE);
    for (Process process : List.of(one, two)) {
      TimeSlot seen =
          process
              .statistics
              .window(List.of(SeriesKind.GAUGE), Optional.of("stock"), Duration.ofHours(1))
              .series()
              .get(stock);
      assertThat(seen.latest()).isEqualTo(3);
    }
    assertThat(one.recorderRegistry.of(stock).total().latest()).isEqualTo(3);
  }

  /// Each process works once and saves it.
  private void workFor(Duration time) {
    for (Process process : List.of(one, two)) {
      process.recorderRegistry.roll();
      process.metricsRecorder.timer("work").record(1_000_000, false);
      process.slotFlusher.step();
    }
    clock.forward(time);
  }

  private long nanos() {
    return clock.instant().plus(setBack).getEpochSecond() * 1_000_000_000L;
  }

  private static boolean saves(SlotFlusher slotFlusher) {
    try {
      slotFlusher.step();
      return true;
    } catch (DatabaseUnavailable _) {
      return false;
    }
  }

  private static long count(Process process, Duration window) {
    TimeSlot work =
        process
            .statistics
            .window(OPERATIONS, Optional.of("work"), window)
            .series()
            .get(Series.operation("work"));
    return work == null ? 0 : work.count();
  }

  private static long countOfAll(Process process) {
    return process
        .statistics
        .window(OPERATIONS, Optional.empty(), Duration.ofHours(24))
        .series()
        .get(Series.operation("work"))
        .count();
  }

  private void execute(String sql) {
    database.inStatement(
        connection -> {
          try (var statement = connection.prepareStatement(sql)) {
            return statement.executeUpdate();
          }
        });
  }

  private long rows(String resolution, String condition) {
    return database.inStatement(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  "SELECT count(*) FROM series_slot WHERE resolution = '%s' AND %s"
                      .formatted(resolution, condition))) {
            try (var row = statement.executeQuery()) {
              row.next();
              return row.getLong(1);
            }
          }
        });
  }
}
