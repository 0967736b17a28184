package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.IfMatch;
import io.soilhub.scalability.platform.http.Page;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// Shows the queues and sets their limits.
@Path("jobs/queues")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Jobs")
public class QueuesResource {

  private final Jobs jobs;

  @Inject
  public QueuesResource(Jobs jobs) {
    this.jobs = jobs;
  }

  @GET
  public Page<QueueAdmin.Standing> standings() {
    return new Page<>(jobs.queues().standings(), Optional.empty());
  }

  @GET
  @Path("{queue}")
  public Response limits(@PathParam("queue") String queue) {
    return answer(jobs.queues().limits(named(queue)));
  }

  @PUT
  @Path("{queue}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response limit(
      @PathParam("queue") String queue,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      QueueAdmin.Limits wanted) {
    return answer(jobs.queues().replace(named(queue), wanted, IfMatch.of(ifMatch)));
  }

  private static Response answer(QueueAdmin.Versioned limits) {
    return Response.ok(limits.limits()).tag(new EntityTag("" + limits.version())).build();
  }

  private static JobQueue named(String queue) {
    return Arrays.stream(JobQueue.values())
        .filter(q -> q.text().equals(queue))
        .findFirst()
        .orElseThrow(
            () ->
                new Problem(Problem.Kind.NOT_FOUND, "queue-not-found", "There is no such queue."));
  }
}
