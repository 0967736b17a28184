package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.platform.postgres.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/// The monitor of one process, on a database and a clock of the test's; steps are made by hand.
public final class MonitoredProcess {

  private final RecorderRegistry recorderRegistry;
  private final MetricsRecorder metricsRecorder;
  private final SlotFlusher slotFlusher;
  private final StatisticsQuery statistics;

  public MonitoredProcess(Database database, Clock clock) {
    Retention retention =
        new Retention(Duration.ofHours(48), Duration.ofDays(35), Duration.ofDays(400), 1000, 200);
    recorderRegistry = new RecorderRegistry(retention.maxNames(), retention.maxSeries(), clock);
    metricsRecorder = new MetricsRecorder(recorderRegistry, () -> 0, clock);
    PostgresSlots slots = new PostgresSlots(database, UUID.randomUUID());
    slotFlusher = new SlotFlusher(recorderRegistry, slots, clock, () -> 0);
    statistics =
        new StatisticsQuery(recorderRegistry, slotFlusher, slots, retention, () -> true, clock);
  }

  public MetricsRecorder metricsRecorder() {
    return metricsRecorder;
  }

  public StatisticsQuery statistics() {
    return statistics;
  }

  /// What the loops of a replica do every few seconds.
  public void save() {
    recorderRegistry.roll();
    slotFlusher.step();
  }
}
