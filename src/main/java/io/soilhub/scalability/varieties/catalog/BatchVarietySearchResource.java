package io.soilhub.scalability.varieties.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.engine.Priority;
import io.soilhub.scalability.platform.core.Json;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// Asks for a search over many queries; the answer is the result of the job.
@Path("batch-variety-search")
@Tag(name = "Varieties", description = "Recommendations from field trials, search, trial tables")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class BatchVarietySearchResource {

  /// The body of the request, as the API documents it.
  public record Body(List<String> queries, ObjectNode filters, Integer limit) {}

  private final JobSubmission jobs;

  @Inject
  public BatchVarietySearchResource(JobSubmission jobs) {
    this.jobs = jobs;
  }

  @POST
  public Response search(Body body) {
    ObjectNode payload = Json.tree(body);
    SearchRequest.of(payload);
    UUID job = jobs.submit(SearchHandler.JOB_TYPE, Priority.LOW, payload);
    return Response.accepted(JobAccepted.of(job, "The search is under way."))
        .location(URI.create("jobs/" + job))
        .build();
  }
}
