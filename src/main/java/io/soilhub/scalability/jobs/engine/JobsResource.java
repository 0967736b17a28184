package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.jobs.journal.JobFilter;
import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.platform.http.IdempotentOperation;
import io.soilhub.scalability.platform.http.Page;
import io.soilhub.scalability.platform.http.PageRequest;
import io.soilhub.scalability.platform.http.QueryParameter;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// Submits, shows, cancels and retries background jobs.
@Path("jobs")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Jobs", description = "Background jobs and their queues")
public class JobsResource {

  /// Several jobs, all or none.
  public record Batch(List<JobRequest> jobs) {
    public Batch {
      jobs = jobs == null ? List.of() : List.copyOf(jobs);
    }
  }

  public record Accepted(String status, UUID jobId, String message) {}

  public record BatchAccepted(String status, List<UUID> jobIds, String message) {}

  private static final int LONGEST_WAIT_SECONDS = 60;

  private final Jobs jobs;
  private final IdempotentOperation operation;

  @Inject
  public JobsResource(Jobs jobs, IdempotentOperation operation) {
    this.jobs = jobs;
    this.operation = operation;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response submit(JobRequest request, @Context UriInfo uri) {
    UUID id = jobs.submit(request, operation.id());
    return Response.accepted(new Accepted("success", id, "The job is accepted."))
        .location(uri.getAbsolutePathBuilder().path(id.toString()).build())
        .build();
  }

  @POST
  @Path("batch")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response submitAll(Batch batch) {
    List<UUID> ids = jobs.submitAll(batch.jobs(), operation.id());
    String message = "%d jobs are accepted.".formatted(ids.size());
    return Response.accepted(new BatchAccepted("success", ids, message)).build();
  }

  @GET
  public Page<Job> list(
      @QueryParam("status") String status,
      @QueryParam("queue") String queue,
      @QueryParam("job_type") String jobType,
      @QueryParam("tag") String tag,
      @QueryParam("limit") String limit,
      @QueryParam("cursor") String cursor) {
    PageRequest page = PageRequest.of(limit, cursor, 1);
    JobFilter filter =
        new JobFilter(
            QueryParameter.choice("status", status, JobStatus.class)
                .map(JobStatus::text)
                .orElse(""),
            QueryParameter.choice("queue", queue, JobQueue.class).map(JobQueue::text).orElse(""),
            jobType == null ? "" : jobType,
            tag == null ? "" : tag);
    Optional<UUID> before = page.after().stream().findFirst().map(JobsResource::cursor);
    return jobs.list(filter, before, page.limit());
  }

  @GET
  @Path("{job_id}")
  public CompletionStage<Job> get(
      @PathParam("job_id") String jobId, @QueryParam("wait_seconds") String waitSeconds) {
    int wait = QueryParameter.integer("wait_seconds", waitSeconds, 0, 0, LONGEST_WAIT_SECONDS);
    return jobs.await(Jobs.id(jobId), Duration.ofSeconds(wait));
  }

  @DELETE
  @Path("{job_id}")
  public Response cancel(@PathParam("job_id") String jobId) {
    UUID id = Jobs.id(jobId);
    return jobs.cancel(id) == JobStatus.CANCELLED
        ? Response.ok(new Accepted("success", id, "The job is cancelled.")).build()
        : Response.accepted(new Accepted("success", id, "The job is being stopped.")).build();
  }

  @POST
  @Path("{job_id}/retry")
  public Response retry(@PathParam("job_id") String jobId) {
    UUID id = Jobs.id(jobId);
    jobs.retry(id, operation.id());
    return Response.accepted(new Accepted("success", id, "The job will run again.")).build();
  }

  private static UUID cursor(String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException _) {
      throw QueryParameter.invalid("cursor", "must be a next_cursor that this list gave");
    }
  }
}
