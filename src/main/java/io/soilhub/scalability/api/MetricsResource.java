package io.soilhub.scalability.api;

import io.soilhub.scalability.monitoring.exposition.MetricsRegistry;
import io.soilhub.scalability.monitoring.exposition.MetricsWriter;
import io.soilhub.scalability.monitoring.exposition.Representation;
import io.soilhub.scalability.platform.core.Node;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.resilience.health.HealthRegistry;
import io.soilhub.scalability.resilience.health.SystemHealth;
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

  private final MetricsRegistry metricsRegistry;
  private final HealthRegistry board;
  private final Settings settings;
  private final Node node;
  private final Clock clock;

  @Inject
  public MetricsResource(
      MetricsRegistry metricsRegistry,
      HealthRegistry board,
      Settings settings,
      Node node,
      Clock clock) {
    this.metricsRegistry = metricsRegistry;
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
    MetricsWriter metricsWriter = metricsRegistry.metricsWriter();
    Object body =
        form == Representation.JSON
            ? page(metricsWriter)
            : metricsWriter.text(form).getBytes(StandardCharsets.UTF_8);
    return Response.ok(body).type(form.contentType()).header("Vary", HttpHeaders.ACCEPT).build();
  }

  private MetricsPage page(MetricsWriter metricsWriter) {
    SystemHealth health = board.health();
    Instant now = clock.instant();
    Duration uptime = Duration.between(node.startedAt(), now);
    return new MetricsPage(
        MetricsPage.SystemNumbers.of(metricsWriter),
        MetricsPage.ApplicationNumbers.of(metricsWriter, uptime),
        MetricsPage.business(metricsWriter, health),
        StatusPage.components(settings, health),
        now);
  }
}
