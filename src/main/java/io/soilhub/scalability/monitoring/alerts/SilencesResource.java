package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.platform.http.IdempotentOperation;
import io.soilhub.scalability.platform.http.Page;
import io.soilhub.scalability.platform.http.PageRequest;
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
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// Silences alerts for a time.
@Path("alerts/silences")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Alerts")
public class SilencesResource {

  public record SilenceExpired(String status, String message) {}

  private final Alerts alerts;
  private final IdempotentOperation operation;

  @Inject
  public SilencesResource(Alerts alerts, IdempotentOperation operation) {
    this.alerts = alerts;
    this.operation = operation;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response silence(Silence.Wanted wanted, @Context UriInfo uri) {
    Silence silence = alerts.silence(wanted, operation.id());
    return Response.status(Response.Status.CREATED)
        .location(uri.getAbsolutePathBuilder().path(silence.id().toString()).build())
        .entity(silence)
        .build();
  }

  @GET
  public Page<Silence> list(
      @QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
    PageRequest page = PageRequest.of(limit, cursor, 1);
    List<Silence> found = alerts.silences(AlertsResource.before(page), page.limit() + 1);
    return Page.of(found, page, silence -> List.of(silence.id().toString()));
  }

  @DELETE
  @Path("{id}")
  public SilenceExpired end(@PathParam("id") String id) {
    alerts.unsilence(Alerts.id("silence", id));
    return new SilenceExpired("success", "Silence %s has ended.".formatted(id));
  }
}
