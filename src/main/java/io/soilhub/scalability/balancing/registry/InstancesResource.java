package io.soilhub.scalability.balancing.registry;

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
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// Registers, shows and removes instances.
@Path("instances")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Load balancing", description = "Instances of services, and how requests are spread")
public class InstancesResource {

  public record InstanceChanged(String status, String message) {}

  public record Added(String status, String message, InstanceView instance) {}

  private static final int DRAIN_SECONDS = 30;
  private static final int LONGEST_DRAIN_SECONDS = 3600;

  private final InstanceRegistry registry;

  @Inject
  public InstancesResource(InstanceRegistry registry) {
    this.registry = registry;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response register(InstanceRequest request, @Context UriInfo uri) {
    InstanceRegistry.Registered done = registry.register(request);
    String id = done.instance().instanceId();
    String message = done.created() ? "is registered." : "was registered already.";
    return Response.status(done.created() ? 201 : 200)
        .location(uri.getAbsolutePathBuilder().path("{id}").build(id))
        .entity(new Added("success", "Instance %s %s".formatted(id, message), done.instance()))
        .build();
  }

  @GET
  public Page<InstanceView> list(
      @QueryParam("service") String service,
      @QueryParam("limit") String limit,
      @QueryParam("cursor") String cursor) {
    PageRequest page = PageRequest.of(limit, cursor, 1);
    String after = page.after().isEmpty() ? "" : page.after().getFirst();
    List<InstanceView> found =
        registry.list(service == null ? "" : service, after, page.limit() + 1);
    return Page.of(found, page, instance -> List.of(instance.instanceId()));
  }

  @GET
  @Path("{instance_id}")
  public InstanceView get(@PathParam("instance_id") String id) {
    return registry.view(id);
  }

  @DELETE
  @Path("{instance_id}")
  public InstanceChanged remove(
      @PathParam("instance_id") String id, @QueryParam("drain_seconds") String drainSeconds) {
    int drain =
        QueryParameter.integer(
            "drain_seconds", drainSeconds, DRAIN_SECONDS, 0, LONGEST_DRAIN_SECONDS);
    registry.remove(id, drain);
    String how = drain == 0 ? "is removed." : "drains for %d s and is removed.".formatted(drain);
    return new InstanceChanged("success", "Instance %s %s".formatted(id, how));
  }
}
