package io.soilhub.scalability.resilience;

import io.soilhub.scalability.platform.Availability;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.Ticker;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
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
class Wiring {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private final ExecutorService probeThreads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile Loop loop;

  @Produces
  @Singleton
  ComponentProbe postgres(@Named("postgresql") Availability availability) {
    return new AvailabilityProbe(availability, true);
  }

  @Produces
  @Singleton
  ComponentProbe redis(@Named("redis") Availability availability) {
    return new AvailabilityProbe(availability, false);
  }

  @Produces
  @Singleton
  HealthBoard board(
      Instance<ComponentProbe> probes, Settings settings, Clock clock, Ticker ticker) {
    Duration timeout = settings.duration("HEALTH_CHECK_TIMEOUT", SECOND, 5, 1, 60);
    List<ComponentProbe> all = probes.stream().toList();
    return new HealthBoard(all, timeout, clock, ticker, probeThreads);
  }

  void start(@Observes @Priority(3000) Startup event, HealthBoard board, Settings settings) {
    Duration interval = settings.duration("HEALTH_CHECK_INTERVAL", SECOND, 30, 1, 3600);
    loop = Loop.every(SECOND, "health-board", () -> board.step(interval));
  }

  void stop(@Observes Shutdown event) {
    if (loop != null) {
      loop.close();
    }
    probeThreads.shutdownNow();
  }
}
