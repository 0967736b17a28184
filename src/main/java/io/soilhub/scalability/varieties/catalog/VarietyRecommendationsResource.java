package io.soilhub.scalability.varieties.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.engine.Priority;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.varieties.recommendation.RecommendationRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// Asks for a recommendation; the answer is the result of the job.
@Path("variety-recommendations")
@Tag(name = "Varieties", description = "Recommendations from field trials, search, trial tables")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class VarietyRecommendationsResource {

  /// The body of the request, as the API documents it.
  public record Body(
      String cropId,
      Double latitude,
      Double longitude,
      ObjectNode soilData,
      ObjectNode preferences) {}

  private final JobSubmission jobs;

  @Inject
  public VarietyRecommendationsResource(JobSubmission jobs) {
    this.jobs = jobs;
  }

  @POST
  public Response recommend(Body body) {
    UUID job =
        jobs.submit(RecommendationHandler.JOB_TYPE, Priority.NORMAL, payload(Json.tree(body)));
    return Response.accepted(JobAccepted.of(job, "The recommendation is being worked out."))
        .location(URI.create("jobs/" + job))
        .build();
  }

  /// The payload that asks for what the body asks for.
  ///
  /// @throws io.soilhub.scalability.platform.core.Problem of kind INVALID with everything that is
  ///   wrong
  static ObjectNode payload(ObjectNode body) {
    RecommendationRequest recommendationRequest = RecommendationRequest.of(body);
    ObjectNode payload = Json.object().put("crop_id", recommendationRequest.cropId());
    payload
        .putObject("location")
        .put("latitude", recommendationRequest.place().latitude())
        .put("longitude", recommendationRequest.place().longitude());
    payload.setAll(body.deepCopy().retain("soil_data", "preferences"));
    return payload;
  }
}
