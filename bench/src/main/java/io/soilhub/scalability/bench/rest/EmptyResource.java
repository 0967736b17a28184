package io.soilhub.scalability.bench.rest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/// An endpoint of the service that has nothing to do: put into a copy of its WAR, so that it goes
/// through the same server, filters and JSON as the others.
@Path("empty")
@Produces(MediaType.APPLICATION_JSON)
public class EmptyResource {

  @GET
  public Map<String, String> empty() {
    return Map.of();
  }
}
