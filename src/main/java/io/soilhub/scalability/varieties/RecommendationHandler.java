package io.soilhub.scalability.varieties;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.JobFailed;
import io.soilhub.scalability.jobs.JobHandler;
import io.soilhub.scalability.jobs.JobQueue;
import io.soilhub.scalability.jobs.JobRun;
import io.soilhub.scalability.monitoring.Family;
import io.soilhub.scalability.monitoring.MetricSource;
import io.soilhub.scalability.platform.Json;
import io.soilhub.scalability.recommendation.LoadedSet;
import io.soilhub.scalability.recommendation.Question;
import io.soilhub.scalability.recommendation.Recommender;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/// Answers one recommendation as a job. A crop without trials is final, once all trials given at
/// start are imported: no data will be made up. Counts the answers that this replica gave.
final class RecommendationHandler implements JobHandler, MetricSource {

  static final String JOB_TYPE = "variety_recommendation";

  private final Varieties varieties;
  private final Recommender recommender;
  private final BooleanSupplier imported;
  private final LongAdder answered = new LongAdder();

  /// @param imported whether the trials given at start are in the store
  RecommendationHandler(Varieties varieties, Recommender recommender, BooleanSupplier imported) {
    this.varieties = varieties;
    this.recommender = recommender;
    this.imported = imported;
  }

  @Override
  public String jobType() {
    return JOB_TYPE;
  }

  @Override
  public JobQueue defaultQueue() {
    return JobQueue.RECOMMENDATIONS;
  }

  @Override
  public void validate(ObjectNode payload) {
    Question.of(payload);
  }

  @Override
  public JsonNode run(JobRun run) {
    Question question = Question.of(run.payload());
    boolean complete = imported.getAsBoolean();
    Catalog catalog = varieties.current();
    LoadedSet set =
        catalog
            .find(question.cropId(), question.place(), question.preferences().datasetId())
            .orElseThrow(() -> noTrialData(question, catalog, complete));
    ObjectNode result = Json.tree(recommender.advise(set, question));
    answered.increment();
    return result.put("job_id", run.jobId().toString());
  }

  @Override
  public List<Family> families() {
    return List.of(
        Family.counter(
            "soilhub_recommendations_total",
            "Recommendations that this replica worked out.",
            answered.sum()));
  }

  private static JobFailed noTrialData(Question question, Catalog catalog, boolean complete) {
    if (!complete) {
      return JobFailed.transiently("TRIALS_LOADING", "The trials are still being imported.");
    }
    String wanted =
        question
            .preferences()
            .datasetId()
            .map(id -> "data set '%s' with trials of '%s'".formatted(id, question.cropId()))
            .orElse("trials of '%s'".formatted(question.cropId()));
    String loaded = catalog.crops().isEmpty() ? "nothing" : String.join(", ", catalog.crops());
    return JobFailed.permanently(
        "NO_TRIAL_DATA", "There are no %s; loaded is %s.".formatted(wanted, loaded));
  }
}
