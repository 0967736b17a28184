package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.platform.http.IfMatch;
import io.soilhub.scalability.platform.http.Page;
import io.soilhub.scalability.platform.http.PageRequest;
import io.soilhub.scalability.platform.http.QueryParameter;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// Shows and acknowledges alerts, shows and replaces their rules, takes the alerts of Alertmanager.
@Path("alerts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Alerts", description = "What is wrong, who knows of it, and what was wrong before")
public class AlertsResource {

  /// @param note may be left out
  public record Acknowledgement(String by, String note) {}

  /// @param news alerts of the message that changed anything
  /// @param leftOut alerts of the message that were not kept, because there were too many
  public record Received(String status, int news, long leftOut) {}

  private final Alerts alerts;

  @Inject
  public AlertsResource(Alerts alerts) {
    this.alerts = alerts;
  }

  @GET
  public Page<AlertView> list(
      @QueryParam("state") String state,
      @QueryParam("limit") String limit,
      @QueryParam("cursor") String cursor) {
    PageRequest page = PageRequest.of(limit, cursor, 1);
    Optional<AlertState> wanted = QueryParameter.choice("state", state, AlertState.class);
    List<AlertView> found = alerts.list(wanted, before(page), page.limit() + 1);
    return Page.of(found, page, alert -> List.of(alert.id().toString()));
  }

  @GET
  @Path("{id}")
  public AlertView get(@PathParam("id") String id) {
    return alerts.get(Alerts.id("alert", id));
  }

  @POST
  @Path("{id}/acknowledge")
  @Consumes(MediaType.APPLICATION_JSON)
  public AlertView acknowledge(@PathParam("id") String id, Acknowledgement body) {
    String note = body.note() == null ? "" : body.note();
    return alerts.acknowledge(Alerts.id("alert", id), body.by(), note);
  }

  @GET
  @Path("rules")
  public Response rules() {
    return answer(alerts.rules());
  }

  @PUT
  @Path("rules")
  @RequiresRole(RequiresRole.Role.ADMIN)
  @Consumes(MediaType.APPLICATION_JSON)
  public Response replace(@HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, AlertRules wanted) {
    return answer(alerts.replace(wanted, IfMatch.of(ifMatch)));
  }

  @POST
  @Path("rules/defaults")
  @RequiresRole(RequiresRole.Role.ADMIN)
  public Response restoreDefaults() {
    return answer(alerts.replace(AlertRules.DEFAULTS, IfMatch.of("*")));
  }

  @GET
  @Path("rules/versions")
  public Page<AlertRulesVersion> versions(
      @QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
    PageRequest page = PageRequest.of(limit, cursor, 1);
    List<AlertRulesVersion> found = alerts.versions(version(page), page.limit() + 1);
    return Page.of(found, page, replaced -> List.of("" + replaced.version()));
  }

  @GET
  @Path("rules/versions/{version}")
  public AlertRules version(@PathParam("version") String version) {
    return alerts.rules(version);
  }

  @POST
  @Path("webhook")
  @Consumes(MediaType.APPLICATION_JSON)
  public Received receive(AlertmanagerMessage message) {
    return new Received("success", alerts.receive(message), message.leftOut());
  }

  private static Response answer(AlertRuleStore.Versioned rules) {
    return Response.ok(rules.rules()).tag(new EntityTag("" + rules.version())).build();
  }

  private static Optional<Long> version(PageRequest page) {
    try {
      return page.after().stream().findFirst().map(Long::valueOf);
    } catch (NumberFormatException _) {
      throw QueryParameter.invalid("cursor", "must be a next_cursor that this list gave");
    }
  }

  static Optional<UUID> before(PageRequest page) {
    try {
      return page.after().stream().findFirst().map(UUID::fromString);
    } catch (IllegalArgumentException _) {
      throw QueryParameter.invalid("cursor", "must be a next_cursor that this list gave");
    }
  }
}
