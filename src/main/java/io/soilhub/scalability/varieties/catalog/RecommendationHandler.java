package io.soilhub.scalability.varieties.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.engine.JobFailed;
import io.soilhub.scalability.jobs.engine.JobHandler;
import io.soilhub.scalability.jobs.engine.JobQueue;
import io.soilhub.scalability.jobs.engine.JobRun;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import io.soilhub.scalability.varieties.recommendation.FittedDataSet;
import io.soilhub.scalability.varieties.recommendation.RecommendationRequest;
import io.soilhub.scalability.varieties.recommendation.Recommender;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/// Answers one recommendation as a job. A crop without trials is final, once all trials given at
/// start are imported: no data will be made up. Counts the answers that this replica gave.
final class RecommendationHandler implements JobHandler, MetricSource {

  static final String JOB_TYPE = "variety_recommendation";

  private final VarietyCatalog varietyCatalog;
  private final Recommender recommender;
  private final BooleanSupplier imported;
  private final LongAdder answered = new LongAdder();

  /// @param imported whether the trials given at start are in the store
  RecommendationHandler(
      VarietyCatalog varietyCatalog, Recommender recommender, BooleanSupplier imported) {
    this.varietyCatalog = varietyCatalog;
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
    RecommendationRequest.of(payload);
  }

  @Override
  public JsonNode run(JobRun run) {
    RecommendationRequest recommendationRequest = RecommendationRequest.of(run.payload());
    boolean complete = imported.getAsBoolean();
    Catalog catalog = varietyCatalog.current();
    FittedDataSet set =
        catalog
            .find(
                recommendationRequest.cropId(),
                recommendationRequest.place(),
                recommendationRequest.preferences().datasetId())
            .orElseThrow(() -> noTrialData(recommendationRequest, catalog, complete));
    ObjectNode result = Json.tree(recommender.advise(set, recommendationRequest));
    answered.increment();
    return result.put("job_id", run.jobId().toString());
  }

  @Override
  public List<MetricFamily> families() {
    return List.of(
        MetricFamily.counter(
            "soilhub_recommendations_total",
            "Recommendations that this replica worked out.",
            answered.sum()));
  }

  private static JobFailed noTrialData(
      RecommendationRequest recommendationRequest, Catalog catalog, boolean complete) {
    if (!complete) {
      return JobFailed.transiently("TRIALS_LOADING", "The trials are still being imported.");
    }
    String wanted =
        recommendationRequest
            .preferences()
            .datasetId()
            .map(
                id ->
                    "data set '%s' with trials of '%s'"
                        .formatted(id, recommendationRequest.cropId()))
            .orElse("trials of '%s'".formatted(recommendationRequest.cropId()));
    String loaded = catalog.crops().isEmpty() ? "nothing" : String.join(", ", catalog.crops());
    return JobFailed.permanently(
        "NO_TRIAL_DATA", "There are no %s; loaded is %s.".formatted(wanted, loaded));
  }
}
