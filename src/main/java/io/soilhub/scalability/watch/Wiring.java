package io.soilhub.scalability.watch;

import io.soilhub.scalability.monitoring.MetricSource;
import io.soilhub.scalability.monitoring.Monitor;
import io.soilhub.scalability.monitoring.SeriesKind;
import io.soilhub.scalability.monitoring.Statistics;
import io.soilhub.scalability.platform.Availability;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Leadership;
import io.soilhub.scalability.platform.Loop;
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
class Wiring {

  private static final Duration LOOK = Duration.ofSeconds(30);

  private Optional<Loop> loop = Optional.empty();
  private Instant upSince = Instant.MAX;

  @Produces
  @Singleton
  AnomalyWatch watch(Statistics statistics, Database database, Monitor monitor, Clock clock) {
    List<SeriesKind> operations = List.of(SeriesKind.OPERATION);
    int most = monitor.mostOperations();
    // One more operation stands for those beyond.
    int mostVerdicts = (most + 1) * Measure.values().length;
    return new AnomalyWatch(
        length -> statistics.course(operations, Optional.empty(), length).points(),
        most,
        new Baselines(database),
        (key, side) -> monitor.gauge(AnomalyWatch.GAUGE, key.labels(), mostVerdicts).set(side),
        clock);
  }

  @Produces
  @Singleton
  MetricSource verdicts(AnomalyWatch watch, Leadership leadership) {
    return () -> leadership.isLeader() ? List.of(watch.family()) : List.of();
  }

  void start(
      @Observes @Priority(2100) Startup event,
      AnomalyWatch watch,
      Leadership leadership,
      @Named("postgresql") Availability postgres) {
    loop =
        Optional.of(
            Loop.every(
                LOOK,
                "anomaly-watch",
                () -> {
                  boolean steady = steady(postgres.state());
                  if (!leadership.isLeader()) {
                    watch.rest();
                  } else if (steady) {
                    watch.step();
                  }
                }));
  }

  /// Whether PostgreSQL answers since before the last look, which is long enough for every replica
  /// to have saved what it held back.
  private boolean steady(Availability.State postgres) {
    boolean steady = postgres.available() && postgres.since().equals(upSince);
    upSince = postgres.since();
    return steady;
  }

  void stop(@Observes @Priority(100) Shutdown event) {
    loop.ifPresent(Loop::close);
  }
}
