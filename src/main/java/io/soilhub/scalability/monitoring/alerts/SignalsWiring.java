package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.platform.postgres.Nodes;
import io.soilhub.scalability.resilience.health.HealthRegistry;
import io.soilhub.scalability.telemetry.metrics.StatisticsQuery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/// Makes the one instance of each plain class of this package.
@ApplicationScoped
class SignalsWiring {

  @Produces
  @Singleton
  SignalSource signalSource(
      StatisticsQuery statistics, HealthRegistry board, Nodes nodes, Clock clock) {
    return new RecordedSignals(statistics, board::health, nodes, clock);
  }
}
