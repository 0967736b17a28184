package io.soilhub.scalability.monitoring.anomalies;

import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.LeaderElection;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import io.soilhub.scalability.telemetry.metrics.MetricsRecorder;
import io.soilhub.scalability.telemetry.metrics.SeriesKind;
import io.soilhub.scalability.telemetry.metrics.StatisticsQuery;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Makes the one instance of each plain class of this package, and lets the leader look.
@ApplicationScoped
class AnomaliesWiring {

  private static final Duration LOOK = Duration.ofSeconds(30);

  private final PeriodicTasks tasks = new PeriodicTasks();
  private Instant upSince = Instant.MAX;

  @Produces
  @Singleton
  AnomalyDetector watch(
      StatisticsQuery statistics, Database database, MetricsRecorder metricsRecorder, Clock clock) {
    List<SeriesKind> operations = List.of(SeriesKind.OPERATION);
    int most = metricsRecorder.mostOperations();
    // One more operation stands for those beyond.
    int mostVerdicts = (most + 1) * ObservedStatistic.values().length;
    return new AnomalyDetector(
        length -> statistics.course(operations, Optional.empty(), length).points(),
        most,
        new BaselineStore(database),
        (key, side) ->
            metricsRecorder.gauge(AnomalyDetector.GAUGE, key.labels(), mostVerdicts).set(side),
        clock);
  }

  @Produces
  @Singleton
  MetricSource verdicts(AnomalyDetector watch, LeaderElection leaderElection) {
    return () -> leaderElection.isLeader() ? List.of(watch.family()) : List.of();
  }

  void start(
      @Observes @Priority(Phases.MONITORING) Startup event,
      AnomalyDetector watch,
      LeaderElection leaderElection,
      @Named("postgresql") DependencyMonitor postgres) {
    tasks.every(
        LOOK,
        "anomaly-watch",
        () -> {
          boolean steady = steady(postgres.state());
          if (!leaderElection.isLeader()) {
            watch.rest();
          } else if (steady) {
            watch.step();
          }
        });
  }

  /// Whether PostgreSQL answers since before the last look, which is long enough for every replica
  /// to have saved what it held back.
  private boolean steady(DependencyMonitor.DependencyState postgres) {
    boolean steady = postgres.available() && postgres.since().equals(upSince);
    upSince = postgres.since();
    return steady;
  }

  void stop(@Observes @Priority(Phases.STOP - Phases.MONITORING) Shutdown event) {
    tasks.close();
  }
}
