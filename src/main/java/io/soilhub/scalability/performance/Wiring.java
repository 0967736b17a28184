package io.soilhub.scalability.performance;

import io.soilhub.scalability.fleet.ForwardListener;
import io.soilhub.scalability.monitoring.MetricSource;
import io.soilhub.scalability.monitoring.Monitor;
import io.soilhub.scalability.monitoring.Operations;
import io.soilhub.scalability.monitoring.Statistics;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.Node;
import io.soilhub.scalability.resilience.ComponentProbe;
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
import java.util.Optional;

/// Makes the one instance of each plain class of this package, and samples the sources.
@ApplicationScoped
class Wiring {

  private static final Duration SAMPLE = Duration.ofSeconds(4);

  /// Names of callers' metrics that one replica takes.
  private static final int MAX_METRICS = 500;

  private Optional<Loop> loop = Optional.empty();

  @Produces
  @Singleton
  Reports reports(Statistics statistics) {
    return new Reports(statistics);
  }

  @Produces
  @Singleton
  CustomMetrics metrics(Monitor monitor, Database database) {
    return new CustomMetrics(monitor, database, MAX_METRICS);
  }

  @Produces
  @Singleton
  ComponentProbe probe(Statistics statistics) {
    return new MonitorProbe(statistics);
  }

  @Produces
  @Singleton
  Sampler sampler(Monitor monitor, Node node, @Any Instance<MetricSource> sources) {
    List<MetricSource> all = sources.stream().toList();
    return new Sampler(monitor, node.id(), () -> all);
  }

  @Produces
  @Singleton
  ForwardListener forwards(Operations operations) {
    return forward ->
        operations
            .timer("gateway." + forward.service())
            .record(forward.latencyNanos(), forward.failed());
  }

  void start(@Observes @Priority(2000) Startup event, Sampler sampler) {
    loop = Optional.of(Loop.every(SAMPLE, "monitor-samples", sampler::step));
  }

  void stop(@Observes @Priority(100) Shutdown event) {
    loop.ifPresent(Loop::close);
  }
}
