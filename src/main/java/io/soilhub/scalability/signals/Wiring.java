package io.soilhub.scalability.signals;

import io.soilhub.scalability.alerts.Signals;
import io.soilhub.scalability.monitoring.Statistics;
import io.soilhub.scalability.platform.Nodes;
import io.soilhub.scalability.resilience.HealthBoard;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/// Makes the one instance of each plain class of this package.
@ApplicationScoped
class Wiring {

  @Produces
  @Singleton
  Signals signals(Statistics statistics, HealthBoard board, Nodes nodes, Clock clock) {
    return new RecordedSignals(statistics, board::health, nodes, clock);
  }
}
