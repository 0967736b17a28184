package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.postgres.Nodes;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.resilience.health.HealthRegistry;
import io.soilhub.scalability.resilience.health.HealthStatus;
import io.soilhub.scalability.resilience.health.SystemHealth;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// How the service is, at a glance.
@Path("")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Overview", description = "Status, health and numbers of the service")
public class OverviewResource {

  private final Nodes nodes;
  private final Settings settings;
  private final HealthRegistry board;
  private final Clock clock;

  @Inject
  public OverviewResource(Nodes nodes, Settings settings, HealthRegistry board, Clock clock) {
    this.nodes = nodes;
    this.settings = settings;
    this.board = board;
    this.clock = clock;
  }

  @GET
  @Path("status")
  @Operation(summary = "The replicas, the switches and the components")
  public Response status() {
    return Response.ok(StatusPage.of(nodes, settings, board.health(), clock.instant())).build();
  }

  @GET
  @Path("health")
  @Operation(summary = "The health of every component; 503 when the service cannot do its work")
  public Response health() {
    SystemHealth health = board.health();
    int status = health.overallHealth() == HealthStatus.UNHEALTHY ? 503 : 200;
    return Response.status(status).entity(health).build();
  }
}
