package io.soilhub.scalability.resilience.health;

import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Makes the health board and keeps it checking, so that failures are noticed when nobody asks.
@ApplicationScoped
class HealthWiring {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private final ExecutorService probeThreads = Executors.newVirtualThreadPerTaskExecutor();
  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  StartupCheck check() {
    return new StartupCheck(HealthSettings.ALL);
  }

  @Produces
  @Singleton
  ComponentProbe postgres(@Named("postgresql") DependencyMonitor dependencyMonitor) {
    return new AvailabilityProbe(dependencyMonitor, true);
  }

  @Produces
  @Singleton
  ComponentProbe redis(@Named("redis") DependencyMonitor dependencyMonitor) {
    return new AvailabilityProbe(dependencyMonitor, false);
  }

  @Produces
  @Singleton
  HealthRegistry board(
      Instance<ComponentProbe> probes, Settings settings, Clock clock, Ticker ticker) {
    Duration timeout = HealthSettings.from(settings).timeout();
    List<ComponentProbe> all = probes.stream().toList();
    return new HealthRegistry(all, timeout, clock, ticker, probeThreads);
  }

  void start(
      @Observes @Priority(Phases.HEALTH) Startup event, HealthRegistry board, Settings settings) {
    Duration interval = HealthSettings.from(settings).interval();
    tasks.every(SECOND, "health-board", () -> board.step(interval));
  }

  void stop(@Observes @Priority(Phases.STOP - Phases.HEALTH) Shutdown event) {
    tasks.close();
  }

  /// Not before: while the other parts stop, callers may still ask how they are.
  void close(@Disposes HealthRegistry board) {
    probeThreads.shutdownNow();
  }
}
