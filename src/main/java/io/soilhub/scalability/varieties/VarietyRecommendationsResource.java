package io.soilhub.scalability.varieties;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.Priority;
import io.soilhub.scalability.platform.Json;
import io.soilhub.scalability.recommendation.Question;
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
    ObjectNode flat = Json.tree(body);
    Question question = Question.of(flat);
    ObjectNode payload = Json.object().put("crop_id", question.cropId());
    payload
        .putObject("location")
        .put("latitude", question.place().latitude())
        .put("longitude", question.place().longitude());
    payload.setAll(flat.retain("soil_data", "preferences"));
    UUID job = jobs.submit(RecommendationHandler.JOB_TYPE, Priority.NORMAL, payload);
    return Response.accepted(Accepted.of(job, "The recommendation is being worked out."))
        .location(URI.create("jobs/" + job))
        .build();
  }
}
