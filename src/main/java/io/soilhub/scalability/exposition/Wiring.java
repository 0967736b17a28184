package io.soilhub.scalability.exposition;

import io.soilhub.scalability.monitoring.MetricSource;
import io.soilhub.scalability.platform.Availability;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Leadership;
import io.soilhub.scalability.platform.Nodes;
import io.soilhub.scalability.platform.Redis;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.Ticker;
import io.soilhub.scalability.resilience.HealthBoard;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;

/// Makes the exposition with every source that the features bring, and the sources of this package.
@ApplicationScoped
class Wiring {

  @Produces
  @Singleton
  MetricSource machine(Settings settings, Ticker ticker) {
    Path logs = Path.of(settings.text("LOG_DIR", "logs"));
    return new MachineFamilies(TextFiles.ofThisMachine(), logs, ticker);
  }

  @Produces
  @Singleton
  MetricSource runtime() {
    return new RuntimeFamilies();
  }

  @Produces
  @Singleton
  MetricSource service(
      Nodes nodes,
      Leadership leadership,
      Database database,
      Redis redis,
      @Named("postgresql") Availability postgres,
      @Named("redis") Availability redisUp) {
    return new ServiceFamilies(
        nodes, leadership::isLeader, database, redis, List.of(postgres, redisUp));
  }

  @Produces
  @Singleton
  MetricSource health(HealthBoard board) {
    return new HealthFamilies(board::latest);
  }

  @Produces
  @Singleton
  Exposition exposition(@Any Instance<MetricSource> sources) {
    return new Exposition(sources.stream().toList());
  }

  /// Makes the sources now, so that the first scrape finds them counting.
  void start(@Observes @Priority(3500) Startup event, Exposition exposition) {
    exposition.families();
  }
}
