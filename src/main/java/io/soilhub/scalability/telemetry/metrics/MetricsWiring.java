package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.LeaderElection;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
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

/// Makes the one instance of each plain class of this package, and keeps minutes turning, saved and
/// rolled up.
@ApplicationScoped
class MetricsWiring {

  private static final Duration TURN = Duration.ofSeconds(1);

  /// A replica answers with all but this much of what the others did; an alert comes later by it.
  private static final Duration SAVE = Duration.ofSeconds(4);

  private static final Duration ROLL_UP = Duration.ofMinutes(1);

  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  StartupCheck retention() {
    return new StartupCheck(Retention.ALL);
  }

  @Produces
  @Singleton
  StartupCheck slowSettings() {
    return new StartupCheck(SlowSettings.ALL);
  }

  @Produces
  @Singleton
  RecorderRegistry recorderRegistry(Settings settings, Clock clock) {
    Retention retention = Retention.from(settings);
    return new RecorderRegistry(retention.maxNames(), retention.maxSeries(), clock);
  }

  @Produces
  @Singleton
  MetricsRecorder metricsRecorder(RecorderRegistry recorderRegistry, Ticker ticker, Clock clock) {
    return new MetricsRecorder(recorderRegistry, ticker, clock);
  }

  @Produces
  @Singleton
  PostgresSlots slots(Database database, Uuid7 ids) {
    return new PostgresSlots(database, ids.next());
  }

  @Produces
  @Singleton
  SlotFlusher slotFlusher(
      RecorderRegistry recorderRegistry, PostgresSlots slots, Clock clock, Ticker ticker) {
    return new SlotFlusher(recorderRegistry, slots, clock, ticker);
  }

  @Produces
  @Singleton
  StatisticsQuery statistics(
      RecorderRegistry recorderRegistry,
      SlotFlusher slotFlusher,
      PostgresSlots slots,
      Settings settings,
      @Named("postgresql") DependencyMonitor postgres,
      Clock clock) {
    Retention retention = Retention.from(settings);
    return new StatisticsQuery(
        recorderRegistry, slotFlusher, slots, retention, postgres::available, clock);
  }

  @Produces
  @Singleton
  RollUp rollUp(Database database, Settings settings, Clock clock) {
    return new RollUp(database, Retention.from(settings), clock);
  }

  @Produces
  @Singleton
  RequestMeter requests(MetricsRecorder metricsRecorder, Ticker ticker) {
    return new RequestMeter(ticker, metricsRecorder);
  }

  @Produces
  @Singleton
  MetricSource recorded(RecorderRegistry recorderRegistry) {
    return new RecordedMetrics(recorderRegistry);
  }

  void start(
      @Observes @Priority(Phases.TELEMETRY) Startup event,
      RecorderRegistry recorderRegistry,
      Settings settings,
      SlotFlusher slotFlusher,
      RollUp rollUp,
      MetricsRecorder metricsRecorder,
      Database database,
      RedisClients redis,
      @Named("postgresql") DependencyMonitor postgres,
      LeaderElection leaderElection) {
    database.listen(metricsRecorder.timer("database")::record);
    redis.listen(metricsRecorder.timer("redis")::record);
    SlowOperations slow = new SlowOperations(recorderRegistry, SlowSettings.from(settings));
    tasks.every(TURN, "monitor-minutes", recorderRegistry::roll);
    tasks.every(TURN, "monitor-slow", slow::step);
    tasks.everyWhile(postgres::available, SAVE, "monitor-saving", slotFlusher::step);
    tasks.everyWhile(
        () -> postgres.available() && leaderElection.isLeader(),
        ROLL_UP,
        "monitor-roll-up",
        rollUp::step);
  }

  /// What was recorded since the last save is saved.
  void stop(
      @Observes @Priority(Phases.STOP - Phases.TELEMETRY) Shutdown event,
      SlotFlusher slotFlusher,
      @Named("postgresql") DependencyMonitor postgres) {
    tasks.close();
    if (postgres.available()) {
      slotFlusher.step();
    }
  }
}
