package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Page;
import io.soilhub.scalability.platform.http.PageRequest;
import io.soilhub.scalability.platform.http.RequiresRole;
import io.soilhub.scalability.platform.http.RequiresRole.Role;
import io.soilhub.scalability.platform.http.Violations;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// Makes, lists and revokes API keys.
@Path("keys")
@RequiresRole(Role.ADMIN)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Keys", description = "API keys, for administrators")
public class ApiKeysResource {

  /// What a new key shall be.
  ///
  /// @param expiresInDays 1 to 3650; a key without it does not expire
  public record NewKey(
      @Schema(required = true, minLength = 1, maxLength = LONGEST_NAME) String name,
      @Schema(required = true) Role role,
      @Schema(minimum = "1", maximum = "" + LONGEST_LIFE) Integer expiresInDays) {

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_LIFE = 3650;

    /// @throws Problem of kind INVALID with all that is wrong
    public NewKey {
      Violations violations = new Violations();
      if (expiresInDays != null) {
        violations.require(
            expiresInDays >= 1, "/expires_in_days", "must be greater than or equal to 1");
        violations.require(
            expiresInDays <= LONGEST_LIFE,
            "/expires_in_days",
            "must be less than or equal to " + LONGEST_LIFE);
      }
      violations.require(name != null, "/name", "must not be null");
      violations.require(
          name == null || (!name.isEmpty() && name.length() <= LONGEST_NAME),
          "/name",
          "size must be between 1 and " + LONGEST_NAME);
      violations.require(role != null, "/role", "must not be null");
      violations.raise();
    }
  }

  /// A key that was just made; `key` is shown this once.
  public record CreatedKey(
      String status,
      String message,
      String keyId,
      String key,
      String name,
      Role role,
      Instant createdAt,
      Optional<Instant> expiresAt) {}

  private final ApiKeyIssuer maker;
  private final ApiKeyStore keys;
  private final ApiKeyCache ring;

  @Inject
  public ApiKeysResource(ApiKeyIssuer maker, ApiKeyStore keys, ApiKeyCache ring) {
    this.maker = maker;
    this.keys = keys;
    this.ring = ring;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response create(NewKey wanted, @Context SecurityContext caller, @Context UriInfo uri) {
    Optional<Duration> life = Optional.ofNullable(wanted.expiresInDays()).map(Duration::ofDays);
    ApiKeyIssuer.Made made =
        maker.make(wanted.name(), wanted.role(), life, caller.getUserPrincipal().getName());
    ApiKey key = made.key();
    return Response.created(uri.getAbsolutePathBuilder().path(key.keyId()).build())
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity(
            new CreatedKey(
                "success",
                "Keep the key: it is not shown again.",
                key.keyId(),
                made.secret().text(),
                key.name(),
                key.role(),
                key.createdAt(),
                key.expiresAt()))
        .build();
  }

  @GET
  public Page<ApiKey> list(@QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
    return keys.list(PageRequest.of(limit, cursor, 2));
  }

  @DELETE
  @Path("{key_id}")
  public Map<String, String> revoke(@PathParam("key_id") String keyId) {
    if (!maker.revoke(keyId)) {
      throw new Problem(Problem.Kind.NOT_FOUND, "key-not-found", "There is no such API key.");
    }
    ring.forget(keyId);
    return Map.of("status", "success", "message", "The key is revoked.");
  }
}
