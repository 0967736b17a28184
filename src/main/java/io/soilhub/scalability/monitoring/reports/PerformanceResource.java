package io.soilhub.scalability.monitoring.reports;

import io.soilhub.scalability.platform.http.QueryParameter;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// What the service did and how long it took, over all replicas.
@Path("performance")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Monitoring", description = "Statistics of operations, metrics and alerts")
public class PerformanceResource {

  public record MetricRecorded(String status, String message) {}

  private static final int DAY = 24;

  /// As many hours as days can be kept.
  private static final int LONGEST = 4000 * DAY;

  private final PerformanceQueries performanceQueries;
  private final CustomMetrics metrics;

  @Inject
  public PerformanceResource(PerformanceQueries performanceQueries, CustomMetrics metrics) {
    this.performanceQueries = performanceQueries;
    this.metrics = metrics;
  }

  @GET
  @Path("operations")
  @Operation(summary = "Every operation of the last hours, by name or the worst first")
  public OperationsPage operations(
      @QueryParam("hours") String hours,
      @QueryParam("sort") String sort,
      @QueryParam("limit") String limit,
      @QueryParam("cursor") String cursor) {
    return performanceQueries.operations(window(hours), sort, limit, cursor);
  }

  @GET
  @Path("operations/{name: .+}")
  @Operation(summary = "One operation with its course")
  public OperationView.WithCourse operation(
      @PathParam("name") String name, @QueryParam("hours") String hours) {
    return performanceQueries.operation(name, window(hours));
  }

  @POST
  @Path("metrics")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Records a value of a metric of the caller's own")
  public Response record(MetricRequest request) {
    metrics.record(request);
    return Response.accepted(new MetricRecorded("success", request.name() + " is recorded."))
        .build();
  }

  @GET
  @Path("metrics/{name: .+}")
  @Operation(summary = "A metric with the course of each set of labels")
  public MetricView metric(@PathParam("name") String name, @QueryParam("hours") String hours) {
    return performanceQueries.metric(name, window(hours));
  }

  private static Duration window(String hours) {
    return Duration.ofHours(QueryParameter.integer("hours", hours, DAY, 1, LONGEST));
  }
}
