package io.soilhub.scalability.housekeeping;

import io.soilhub.scalability.jobs.JobHandler;
import io.soilhub.scalability.jobs.Jobs;
import io.soilhub.scalability.jobs.JobsSettings;
import io.soilhub.scalability.journal.JobArchive;
import io.soilhub.scalability.journal.QueueLedger;
import io.soilhub.scalability.platform.Availability;
import io.soilhub.scalability.platform.Database;
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
import java.util.ArrayList;
import java.util.List;

/// Brings the cleanup's handler and submits it every day.
@ApplicationScoped
class Wiring {

  private static final Duration SOMETIMES = Duration.ofSeconds(30);
  private final List<Loop> loops = new ArrayList<>();

  @Produces
  @Singleton
  JobHandler cleanup(Database database, JobsSettings settings) {
    return new DataCleanupHandler(
        new JobArchive(database), new QueueLedger(database), settings.retention());
  }

  void start(
      @Observes @Priority(1100) Startup event,
      JobsSettings settings,
      Jobs jobs,
      Clock clock,
      @Named("postgresql") Availability postgres) {
    if (settings.enabled()) {
      DailyCleanup daily = new DailyCleanup(jobs, clock, postgres::available);
      loops.add(Loop.every(SOMETIMES, "daily-cleanup", daily::step));
    }
  }

  void stop(@Observes @Priority(50) Shutdown event) {
    loops.forEach(Loop::close);
  }
}
