package io.soilhub.scalability.monitoring;

import io.soilhub.scalability.platform.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/// The monitor of one process, on a database and a clock of the test's; steps are made by hand.
public final class MonitoredProcess {

  private final Recorders recorders;
  private final Monitor monitor;
  private final Saving saving;
  private final Statistics statistics;

  public MonitoredProcess(Database database, Clock clock) {
    Retention retention =
        new Retention(Duration.ofHours(48), Duration.ofDays(35), Duration.ofDays(400), 1000, 200);
    recorders = new Recorders(retention.maxNames(), retention.maxSeries(), clock);
    monitor = new Monitor(recorders, () -> 0, clock);
    PostgresSlots slots = new PostgresSlots(database, UUID.randomUUID());
    saving = new Saving(recorders, slots, clock, () -> 0);
    statistics = new Statistics(recorders, saving, slots, retention, () -> true, clock);
  }

  public Monitor monitor() {
    return monitor;
  }

  public Statistics statistics() {
    return statistics;
  }

  /// What the loops of a replica do every few seconds.
  public void save() {
    recorders.roll();
    saving.step();
  }
}
