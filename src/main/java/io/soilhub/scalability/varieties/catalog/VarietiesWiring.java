package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.cache.cdn.Purges;
import io.soilhub.scalability.cache.tiers.DistributedCache;
import io.soilhub.scalability.jobs.engine.JobHandler;
import io.soilhub.scalability.jobs.engine.JobRequest;
import io.soilhub.scalability.jobs.engine.Jobs;
import io.soilhub.scalability.jobs.engine.JobsSettings;
import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.http.IdempotentOperation;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import io.soilhub.scalability.varieties.recommendation.Recommender;
import io.soilhub.scalability.varieties.trials.DataSetFolder;
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
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/// Makes the one instance of each plain class of this package, and imports the folders of trials
/// once PostgreSQL is there. The import waits for nothing else and keeps nothing waiting.
@ApplicationScoped
class VarietiesWiring {

  private static final Duration IMPORT_CHECK = Duration.ofMillis(250);
  private static final Duration UPLOAD_CLEANUP = Duration.ofMinutes(10);
  private static final String DEMONSTRATION = "demonstration";

  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  StartupCheck check() {
    return new StartupCheck(VarietiesSettings.ALL, VarietiesSettings::from);
  }

  @Produces
  @Singleton
  VarietiesSettings settings(Settings settings) {
    return VarietiesSettings.from(settings);
  }

  @Produces
  @Singleton
  CatalogVersion number(DistributedCache cache, Database database) {
    return new CatalogVersion(cache, () -> database.inTransaction(PostgresTrials::version));
  }

  @Produces
  @Singleton
  PostgresTrials trials(Database database, CatalogVersion number, Purges purges) {
    return new PostgresTrials(
        database,
        (connection, cropId) -> {
          number.change(connection);
          purges.of(connection, Catalog.tags(cropId));
        });
  }

  @Produces
  @Singleton
  PostgresUploads uploads(Database database) {
    return new PostgresUploads(database);
  }

  @Produces
  @Singleton
  VarietyCatalog varietyCatalog(TrialStore store, CatalogVersion number) {
    return new VarietyCatalog(store, number::current);
  }

  /// The demonstration last, so that it never answers for a crop whose real trials are on their
  /// way.
  @Produces
  @Singleton
  FolderImport folderImport(VarietiesSettings settings, TrialStore store, Ticker ticker) {
    List<DataSetFolder> folders = new ArrayList<>();
    settings.folders().stream().map(DataSetFolder::of).forEach(folders::add);
    folders.add(DataSetFolder.onClassPath(DEMONSTRATION));
    return new FolderImport(folders, store, ticker);
  }

  @Produces
  @Singleton
  JobSubmission submission(Jobs jobs, IdempotentOperation operation) {
    return (type, priority, payload) ->
        jobs.submitValid(JobRequest.of(type, payload).withPriority(priority), operation.id());
  }

  @Produces
  @Singleton
  TrialImport trialImport(
      PostgresUploads uploads, Jobs jobs, IdempotentOperation operation, Uuid7 ids) {
    return new TrialImport(
        uploads,
        (upload, job) -> jobs.submit(job, Optional.of(upload)),
        () -> operation.id().orElseGet(ids::next));
  }

  @Produces
  @Singleton
  UploadCleanup uploadCleanup(PostgresUploads uploads, Jobs jobs, Clock clock) {
    return new UploadCleanup(
        uploads,
        upload ->
            jobs.find(Jobs.idOf(upload)).map(job -> new UploadCleanup.ImportJob(job.completedAt())),
        clock);
  }

  @Produces
  @Singleton
  RecommendationHandler recommendations(
      VarietyCatalog varietyCatalog, Clock clock, FolderImport folderImport) {
    return new RecommendationHandler(varietyCatalog, new Recommender(clock), folderImport::done);
  }

  @Produces
  @Singleton
  JobHandler searches(VarietyCatalog varietyCatalog, Clock clock) {
    return new SearchHandler(new VarietySearch(varietyCatalog, clock));
  }

  @Produces
  @Singleton
  JobHandler imports(
      PostgresUploads uploads,
      PostgresTrials trials,
      CatalogVersion number,
      VarietyCatalog varietyCatalog,
      Clock clock) {
    return new TrialImportHandler(uploads, trials, number::changed, varietyCatalog, clock);
  }

  /// Ready once the trials that this replica brings along are there to answer from; until then it
  /// says what is in the way.
  @Produces
  @Readiness
  HealthCheck trialsLoaded(FolderImport folderImport) {
    return () -> {
      HealthCheckResponseBuilder answer =
          HealthCheckResponse.named("trials").status(folderImport.done());
      if (!folderImport.obstacles().isEmpty()) {
        answer.withData("tried_again", String.join(" ", folderImport.obstacles()));
      }
      return answer.build();
    };
  }

  void start(
      @Observes @Priority(Phases.REFERENCE_DATA) Startup event,
      FolderImport folderImport,
      VarietyCatalog varietyCatalog,
      UploadCleanup uploadCleanup,
      JobsSettings jobs,
      @Named("postgresql") DependencyMonitor postgres) {
    if (jobs.enabled()) {
      tasks.everyWhile(postgres::available, UPLOAD_CLEANUP, "upload-cleanup", uploadCleanup::step);
    }
    tasks.everyWhile(
        () -> postgres.available() && !folderImport.done(),
        IMPORT_CHECK,
        "trial-import",
        () -> {
          folderImport.step();
          varietyCatalog.refresh();
        });
  }

  void stop(@Observes @Priority(Phases.STOP - Phases.REFERENCE_DATA) Shutdown event) {
    tasks.close();
  }
}
