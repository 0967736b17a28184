package io.soilhub.scalability.jobs.cleanup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.engine.JobHandler;
import io.soilhub.scalability.jobs.engine.JobQueue;
import io.soilhub.scalability.jobs.engine.JobRun;
import io.soilhub.scalability.jobs.journal.JobRepository;
import io.soilhub.scalability.jobs.journal.QueueStore;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.http.Violations;
import java.time.Duration;
import java.util.UUID;

/// Deletes jobs that ended long ago: `{older_than_days?}`, 1 to 3650, else the configured
/// retention. Their history and effects go with them.
final class DataCleanupHandler implements JobHandler {

  static final String JOB_TYPE = "data_cleanup";
  private static final String AGE = "older_than_days";
  private static final int LONGEST_DAYS = 3650;
  private static final int STEP = 2_000;

  /// More jobs than a day can bring; the next day goes on.
  private static final int MOST_STEPS = 100_000;

  private final JobRepository archive;
  private final QueueStore ledger;
  private final Duration retention;

  DataCleanupHandler(JobRepository archive, QueueStore ledger, Duration retention) {
    this.archive = archive;
    this.ledger = ledger;
    this.retention = retention;
  }

  @Override
  public String jobType() {
    return JOB_TYPE;
  }

  @Override
  public JobQueue defaultQueue() {
    return JobQueue.CLEANUP;
  }

  @Override
  public void validate(ObjectNode payload) {
    Violations violations = new Violations();
    payload.properties().stream()
        .map(property -> property.getKey())
        .filter(name -> !name.equals(AGE))
        .forEach(name -> violations.add("/" + name, "is not known"));
    JsonNode days = payload.path(AGE);
    boolean given = !days.isMissingNode() && !days.isNull();
    boolean valid = days.isIntegralNumber() && days.longValue() >= 1;
    violations.require(
        !given || (valid && days.longValue() <= LONGEST_DAYS),
        "/" + AGE,
        "must be a whole number from 1 to %d".formatted(LONGEST_DAYS));
    violations.raise();
  }

  @Override
  public JsonNode run(JobRun run) {
    JsonNode days = run.payload().path(AGE);
    Duration age = days.isIntegralNumber() ? Duration.ofDays(days.longValue()) : retention;
    long deleted = 0;
    UUID last = JobRepository.Purged.START;
    for (int step = 0; step < MOST_STEPS; step++) {
      run.checkStopped();
      JobRepository.Purged purged = archive.purge(age, last, STEP);
      deleted += purged.deleted();
      if (!purged.more()) {
        break;
      }
      last = purged.last();
    }
    ledger.fold();
    return Json.object().put("deleted_jobs", deleted).put(AGE, age.toDays());
  }
}
