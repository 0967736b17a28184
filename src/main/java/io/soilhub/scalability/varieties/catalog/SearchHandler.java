package io.soilhub.scalability.varieties.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.engine.JobHandler;
import io.soilhub.scalability.jobs.engine.JobQueue;
import io.soilhub.scalability.jobs.engine.JobRun;
import io.soilhub.scalability.platform.core.Json;

/// Runs a search as a job: progress a query, and an end between queries when the job is cancelled.
final class SearchHandler implements JobHandler {

  static final String JOB_TYPE = "batch_variety_search";

  private final VarietySearch search;

  SearchHandler(VarietySearch search) {
    this.search = search;
  }

  @Override
  public String jobType() {
    return JOB_TYPE;
  }

  @Override
  public JobQueue defaultQueue() {
    return JobQueue.BATCH_OPERATIONS;
  }

  @Override
  public void validate(ObjectNode payload) {
    SearchRequest.of(payload);
  }

  @Override
  public JsonNode run(JobRun run) {
    SearchRequest request = SearchRequest.of(run.payload());
    run.checkStopped();
    VarietySearch.Answer answer =
        search.search(
            request,
            done -> {
              run.checkStopped();
              run.progress(100 * done / request.queries().size());
            });
    ObjectNode result = Json.tree(answer);
    return result.put("job_id", run.jobId().toString());
  }
}
