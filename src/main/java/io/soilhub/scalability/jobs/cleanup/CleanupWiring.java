package io.soilhub.scalability.jobs.cleanup;

import io.soilhub.scalability.jobs.engine.JobHandler;
import io.soilhub.scalability.jobs.engine.Jobs;
import io.soilhub.scalability.jobs.engine.JobsSettings;
import io.soilhub.scalability.jobs.journal.JobRepository;
import io.soilhub.scalability.jobs.journal.QueueStore;
import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.PeriodicTask;
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
import java.util.ArrayList;
import java.util.List;

/// Brings the cleanup's handler and submits it every day.
@ApplicationScoped
class CleanupWiring {

  private static final Duration SOMETIMES = Duration.ofSeconds(30);
  private final List<PeriodicTask> loops = new ArrayList<>();

  @Produces
  @Singleton
  JobHandler cleanup(Database database, JobsSettings settings) {
    return new DataCleanupHandler(
        new JobRepository(database), new QueueStore(database), settings.retention());
  }

  void start(
      @Observes @Priority(1100) Startup event,
      JobsSettings settings,
      Jobs jobs,
      Clock clock,
      @Named("postgresql") DependencyMonitor postgres) {
    if (settings.enabled()) {
      DailyCleanup daily = new DailyCleanup(jobs, clock, postgres::available);
      loops.add(PeriodicTask.every(SOMETIMES, "daily-cleanup", daily::step));
    }
  }

  void stop(@Observes @Priority(50) Shutdown event) {
    loops.forEach(PeriodicTask::close);
  }
}
