package io.soilhub.scalability.monitoring;

import io.soilhub.scalability.platform.Availability;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Leadership;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.Redis;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
import io.soilhub.scalability.platform.Ticker;
import io.soilhub.scalability.platform.Uuid7;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Makes the one instance of each plain class of this package, and keeps minutes turning, saved and
/// rolled up.
@ApplicationScoped
class Wiring {

  private static final Duration TURN = Duration.ofSeconds(1);

  /// A replica answers with all but this much of what the others did; an alert comes later by it.
  private static final Duration SAVE = Duration.ofSeconds(4);

  private static final Duration ROLL_UP = Duration.ofMinutes(1);

  private final List<Loop> loops = new ArrayList<>();

  @Produces
  @Singleton
  StartupCheck check() {
    return settings -> {
      Retention.from(settings);
      SlowSettings.from(settings);
    };
  }

  @Produces
  @Singleton
  Recorders recorders(Settings settings, Clock clock) {
    Retention retention = Retention.from(settings);
    return new Recorders(retention.maxNames(), retention.maxSeries(), clock);
  }

  @Produces
  @Singleton
  Monitor monitor(Recorders recorders, Ticker ticker, Clock clock) {
    return new Monitor(recorders, ticker, clock);
  }

  @Produces
  @Singleton
  PostgresSlots slots(Database database, Uuid7 ids) {
    return new PostgresSlots(database, ids.next());
  }

  @Produces
  @Singleton
  Saving saving(Recorders recorders, PostgresSlots slots, Clock clock, Ticker ticker) {
    return new Saving(recorders, slots, clock, ticker);
  }

  @Produces
  @Singleton
  Statistics statistics(
      Recorders recorders,
      Saving saving,
      PostgresSlots slots,
      Settings settings,
      @Named("postgresql") Availability postgres,
      Clock clock) {
    Retention retention = Retention.from(settings);
    return new Statistics(recorders, saving, slots, retention, postgres::available, clock);
  }

  @Produces
  @Singleton
  RollUp rollUp(Database database, Settings settings, Clock clock) {
    return new RollUp(database, Retention.from(settings), clock);
  }

  @Produces
  @Singleton
  RequestMeter requests(Monitor monitor, Ticker ticker) {
    return new RequestMeter(ticker, monitor);
  }

  @Produces
  @Singleton
  MetricSource recorded(Recorders recorders) {
    return new RecordedFamilies(recorders);
  }

  void start(
      @Observes @Priority(150) Startup event,
      Recorders recorders,
      Settings settings,
      Saving saving,
      RollUp rollUp,
      Monitor monitor,
      Database database,
      Redis redis,
      @Named("postgresql") Availability postgres,
      Leadership leadership) {
    database.listen(monitor.timer("database")::record);
    redis.listen(monitor.timer("redis")::record);
    SlowOperations slow = new SlowOperations(recorders, SlowSettings.from(settings));
    loops.add(Loop.every(TURN, "monitor-minutes", recorders::roll));
    loops.add(Loop.every(TURN, "monitor-slow", slow::step));
    loops.add(Loop.every(SAVE, "monitor-saving", () -> when(postgres.available(), saving::step)));
    loops.add(
        Loop.every(
            ROLL_UP,
            "monitor-roll-up",
            () -> when(postgres.available() && leadership.isLeader(), rollUp::step)));
  }

  /// What was recorded since the last save is saved.
  void stop(
      @Observes @Priority(9000) Shutdown event,
      Saving saving,
      @Named("postgresql") Availability postgres) {
    loops.forEach(Loop::close);
    when(postgres.available(), saving::step);
  }

  private static void when(boolean so, Runnable step) {
    if (so) {
      step.run();
    }
  }
}
