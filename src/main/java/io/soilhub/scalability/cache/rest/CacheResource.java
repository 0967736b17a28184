package io.soilhub.scalability.cache.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.cache.tiers.CacheReadResult;
import io.soilhub.scalability.cache.tiers.CacheStatistics;
import io.soilhub.scalability.cache.tiers.CacheWriteResult;
import io.soilhub.scalability.cache.tiers.DataType;
import io.soilhub.scalability.cache.tiers.Level;
import io.soilhub.scalability.platform.core.Problem;
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
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// Keeps JSON values under keys and tags, for a time.
@Path("cache")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Cache", description = "Values in the distributed cache")
public class CacheResource {

  /// A value to be kept.
  ///
  /// @param ttl seconds; `CACHE_TTL_DEFAULT` when not given
  /// @param dataType `general` when not given
  public record Put(
      String key,
      JsonText value,
      Optional<Integer> ttl,
      Optional<String> dataType,
      List<String> tags) {

    public Put {
      if (key == null) {
        throw Problem.invalid("/key", "must be given");
      }
      if (value == null) {
        throw Problem.invalid("/value", "must be given");
      }
      ttl = ttl == null ? Optional.empty() : ttl;
      dataType = dataType == null ? Optional.empty() : dataType;
      // A null among them is refused like any other text that is no tag.
      tags = tags == null ? List.of() : tags.stream().map(t -> t == null ? "" : t).toList();
    }
  }

  /// @param value JSON as it was put; null when there is none
  /// @param ttlRemaining seconds, begun ones counted
  public record CacheEntryView(
      String key,
      @JsonRawValue @JsonInclude(JsonInclude.Include.ALWAYS) String value,
      boolean found,
      Optional<String> level,
      long ttlRemaining,
      boolean stale) {

    static CacheEntryView of(String key, CacheReadResult<String> cacheReadResult) {
      return new CacheEntryView(
          key,
          cacheReadResult.value().orElse("null"),
          cacheReadResult.found(),
          cacheReadResult.found()
              ? Optional.of(cacheReadResult.level()).map(Level::code)
              : Optional.empty(),
          cacheReadResult.found()
              ? Math.ceilDiv(cacheReadResult.ttlRemaining().toMillis(), 1000L)
              : 0,
          cacheReadResult.stale());
    }
  }

  private final JsonValueCache values;

  @Inject
  public CacheResource(JsonValueCache values) {
    this.values = values;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response put(Put put, @Context UriInfo uri) {
    DataType type = put.dataType().map(DataType::of).orElse(DataType.GENERAL);
    Optional<Duration> ttl = put.ttl().map(Duration::ofSeconds);
    Set<String> tags = new HashSet<>(put.tags());
    CacheWriteResult cacheWriteResult = values.put(type, put.key(), put.value(), ttl, tags);
    ChangeResponse changeResponse =
        ChangeResponse.of("The value is stored", cacheWriteResult.outcome());
    if (cacheWriteResult.existed()) {
      return Response.ok(changeResponse).build();
    }
    return Response.created(location(uri, put.key())).entity(changeResponse).build();
  }

  @GET
  public CacheStatistics statistics() {
    return values.statistics();
  }

  @GET
  @Path("{key}")
  public CacheEntryView get(
      @PathParam("key") String key, @QueryParam("data_type") String dataType) {
    return CacheEntryView.of(key, values.read(type(dataType), key));
  }

  @DELETE
  @Path("{key}")
  public ChangeResponse delete(
      @PathParam("key") String key, @QueryParam("data_type") String dataType) {
    CacheWriteResult cacheWriteResult = values.delete(type(dataType), key);
    return ChangeResponse.ofDeletion(cacheWriteResult.existed(), cacheWriteResult.outcome());
  }

  @POST
  @Path("invalidate")
  @Consumes(MediaType.APPLICATION_JSON)
  public ChangeResponse invalidate(JsonNode tags) {
    return ChangeResponse.of("What carried the tags is gone", values.invalidate(TagList.of(tags)));
  }

  /// The key `invalidate`, whose path is that of a call.
  @GET
  @Path("invalidate")
  public CacheEntryView getInvalidate(@QueryParam("data_type") String dataType) {
    return get("invalidate", dataType);
  }

  @DELETE
  @Path("invalidate")
  public ChangeResponse deleteInvalidate(@QueryParam("data_type") String dataType) {
    return delete("invalidate", dataType);
  }

  /// Below the running request's path, all of it one plain segment: a semicolon would begin a
  /// parameter of it, and dots alone would lead elsewhere.
  static URI location(UriInfo uri, String key) {
    String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    String segment = key.matches("\\.+") ? encoded.replace(".", "%2E") : encoded;
    return uri.getAbsolutePathBuilder().segment("{key}").buildFromEncoded(segment);
  }

  private static DataType type(String dataType) {
    return QueryParameter.choice("data_type", dataType, DataType.class).orElse(DataType.GENERAL);
  }
}
