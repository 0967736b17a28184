package io.soilhub.scalability.api;

import io.soilhub.scalability.exposition.Exposition;
import io.soilhub.scalability.exposition.Families;
import io.soilhub.scalability.exposition.Representation;
import io.soilhub.scalability.platform.Node;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.resilience.HealthBoard;
import io.soilhub.scalability.resilience.SystemHealth;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// The numbers of this replica: as JSON for people, as text for Prometheus.
@Path("metrics")
@Tag(name = "Overview", description = "Status, health and numbers of the service")
public class MetricsResource {

  private final Exposition exposition;
  private final HealthBoard board;
  private final Settings settings;
  private final Node node;
  private final Clock clock;

  @Inject
  public MetricsResource(
      Exposition exposition, HealthBoard board, Settings settings, Node node, Clock clock) {
    this.exposition = exposition;
    this.board = board;
    this.settings = settings;
    this.node = node;
    this.clock = clock;
  }

  @GET
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, "application/openmetrics-text"})
  @Operation(summary = "Numbers of this replica since its start; for Prometheus by Accept")
  public Response metrics(@Context HttpHeaders headers) {
    List<String> accept =
        Optional.ofNullable(headers.getRequestHeader(HttpHeaders.ACCEPT)).orElse(List.of());
    Representation form =
        Representation.wanted(String.join(",", accept)).orElseThrow(NotAcceptableException::new);
    Families families = exposition.families();
    Object body =
        form == Representation.JSON
            ? page(families)
            : families.text(form).getBytes(StandardCharsets.UTF_8);
    return Response.ok(body).type(form.contentType()).header("Vary", HttpHeaders.ACCEPT).build();
  }

  private MetricsPage page(Families families) {
    SystemHealth health = board.health();
    Instant now = clock.instant();
    Duration uptime = Duration.between(node.startedAt(), now);
    return new MetricsPage(
        MetricsPage.SystemNumbers.of(families),
        MetricsPage.ApplicationNumbers.of(families, uptime),
        MetricsPage.business(families, health),
        StatusPage.components(settings, health),
        now);
  }
}
