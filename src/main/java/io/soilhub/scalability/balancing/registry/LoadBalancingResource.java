package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.balancing.fleet.Policy;
import io.soilhub.scalability.balancing.fleet.RoutingDecision;
import io.soilhub.scalability.platform.http.IfMatch;
import io.soilhub.scalability.platform.http.RequiresRole;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// Shows and sets the policy of a service, and explains its choices.
@Path("load-balancing/{service}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Load balancing")
public class LoadBalancingResource {

  /// @param key what the request would stick to under consistent_hash
  public record Question(String key) {}

  private final InstanceRegistry registry;

  @Inject
  public LoadBalancingResource(InstanceRegistry registry) {
    this.registry = registry;
  }

  @GET
  public Response policy(@PathParam("service") String service) {
    return answer(registry.policy(service));
  }

  @PUT
  @RequiresRole(RequiresRole.Role.ADMIN)
  @Consumes(MediaType.APPLICATION_JSON)
  public Response change(
      @PathParam("service") String service,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      Policy wanted) {
    return answer(registry.replace(service, wanted, IfMatch.of(ifMatch)));
  }

  @POST
  @Path("choose")
  @Consumes(MediaType.APPLICATION_JSON)
  public RoutingDecision choose(@PathParam("service") String service, Question question) {
    return registry.choose(service, question.key() == null ? "" : question.key());
  }

  private static Response answer(InstanceStore.Versioned policy) {
    return Response.ok(policy.policy()).tag(new EntityTag("" + policy.version())).build();
  }
}
