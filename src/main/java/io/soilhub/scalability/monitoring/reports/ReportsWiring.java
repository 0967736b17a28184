package io.soilhub.scalability.monitoring.reports;

import io.soilhub.scalability.platform.core.Node;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.resilience.health.ComponentProbe;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import io.soilhub.scalability.telemetry.metrics.MetricsRecorder;
import io.soilhub.scalability.telemetry.metrics.StatisticsQuery;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/// Makes the one instance of each plain class of this package, and samples the sources.
@ApplicationScoped
class ReportsWiring {

  private static final Duration SAMPLE = Duration.ofSeconds(4);

  /// Names of callers' metrics that one replica takes.
  private static final int MAX_METRICS = 500;

  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  PerformanceQueries performanceQueries(StatisticsQuery statistics) {
    return new PerformanceQueries(statistics);
  }

  @Produces
  @Singleton
  CustomMetrics metrics(MetricsRecorder metricsRecorder, Database database) {
    return new CustomMetrics(metricsRecorder, database, MAX_METRICS);
  }

  @Produces
  @Singleton
  ComponentProbe probe(StatisticsQuery statistics) {
    return new MonitorProbe(statistics);
  }

  @Produces
  @Singleton
  MetricSampler sampler(
      MetricsRecorder metricsRecorder, Node node, @Any Instance<MetricSource> sources) {
    List<MetricSource> all = sources.stream().toList();
    return new MetricSampler(metricsRecorder, node.id(), () -> all);
  }

  void start(@Observes @Priority(Phases.MONITORING) Startup event, MetricSampler sampler) {
    tasks.every(SAMPLE, "monitor-samples", sampler::step);
  }

  void stop(@Observes @Priority(Phases.STOP - Phases.MONITORING) Shutdown event) {
    tasks.close();
  }
}
