package io.soilhub.scalability.telemetry.logging;

import io.soilhub.scalability.platform.core.Node;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.RequiresRole;
import io.soilhub.scalability.platform.http.RequiresRole.Role;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// How much the replica that answers logs.
@Path("logging/levels")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Logging", description = "What the replicas log")
public class LogLevelsResource {

  /// @param nodeId the replica that they are of
  /// @param levels by the name of a logger
  public record Levels(String nodeId, Map<String, String> levels) {}

  /// @param levels all that shall be set
  public record Wanted(Map<String, String> levels) {

    public Wanted {
      if (levels == null) {
        throw Problem.invalid("/levels", "must be given");
      }
    }
  }

  private final LogLevels levels;
  private final Node node;

  @Inject
  public LogLevelsResource(LogLevels levels, Node node) {
    this.levels = levels;
    this.node = node;
  }

  @GET
  @Operation(summary = "The levels that were set on this replica")
  public Levels read() {
    return new Levels(node.id(), levels.all());
  }

  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  @RequiresRole(Role.ADMIN)
  @Operation(summary = "Sets levels on this replica, in place of all that were set")
  public Levels replace(Wanted wanted) {
    levels.replace(wanted.levels());
    return read();
  }
}
