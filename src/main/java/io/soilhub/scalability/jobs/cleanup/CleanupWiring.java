package io.soilhub.scalability.jobs.cleanup;

import io.soilhub.scalability.jobs.engine.JobHandler;
import io.soilhub.scalability.jobs.engine.Jobs;
import io.soilhub.scalability.jobs.engine.JobsSettings;
import io.soilhub.scalability.jobs.journal.JobRepository;
import io.soilhub.scalability.jobs.journal.QueueStore;
import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.postgres.Database;
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

/// Brings the cleanup's handler and submits it every day.
@ApplicationScoped
class CleanupWiring {

  private static final Duration SOMETIMES = Duration.ofSeconds(30);
  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  JobHandler cleanup(Database database, JobsSettings settings) {
    return new DataCleanupHandler(
        new JobRepository(database), new QueueStore(database), settings.retention());
  }

  void start(
      @Observes @Priority(Phases.MAINTENANCE) Startup event,
      JobsSettings settings,
      Jobs jobs,
      Clock clock,
      @Named("postgresql") DependencyMonitor postgres) {
    if (settings.enabled()) {
      DailyCleanup daily = new DailyCleanup(jobs, clock, postgres::available);
      tasks.every(SOMETIMES, "daily-cleanup", daily::step);
    }
  }

  void stop(@Observes @Priority(Phases.STOP - Phases.MAINTENANCE) Shutdown event) {
    tasks.close();
  }
}
