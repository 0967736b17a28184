package io.soilhub.scalability.monitoring.exposition;

import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.LeaderElection;
import io.soilhub.scalability.platform.postgres.Nodes;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.settings.ServerSettings;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.resilience.health.HealthRegistry;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
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
class ExpositionWiring {

  @Produces
  @Singleton
  MetricSource machine(Settings settings, Ticker ticker) {
    Path logs = Path.of(ServerSettings.LOG_DIR.read(settings));
    return new MachineMetrics(TextFiles.ofThisMachine(), logs, ticker);
  }

  @Produces
  @Singleton
  MetricSource runtime() {
    return new RuntimeMetrics();
  }

  @Produces
  @Singleton
  MetricSource service(
      Nodes nodes,
      LeaderElection leaderElection,
      Database database,
      RedisClients redis,
      @Named("postgresql") DependencyMonitor postgres,
      @Named("redis") DependencyMonitor redisUp) {
    return new ServiceMetrics(
        nodes, leaderElection::isLeader, database, redis, List.of(postgres, redisUp));
  }

  @Produces
  @Singleton
  MetricSource health(HealthRegistry board) {
    return new HealthMetrics(board::latest);
  }

  @Produces
  @Singleton
  MetricsRegistry metricsRegistry(@Any Instance<MetricSource> sources) {
    return new MetricsRegistry(sources.stream().toList());
  }

  /// Makes the sources now, so that the first scrape finds them counting.
  void start(
      @Observes @Priority(Phases.EXPOSITION) Startup event, MetricsRegistry metricsRegistry) {
    metricsRegistry.metricsWriter();
  }
}
