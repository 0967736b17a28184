package io.soilhub.scalability.cache.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.soilhub.scalability.cache.cdn.CacheableByCdn;
import io.soilhub.scalability.cache.cdn.SurrogateKeys;
import io.soilhub.scalability.cache.tiers.CacheReadResult;
import io.soilhub.scalability.cache.tiers.CacheWriteResult;
import io.soilhub.scalability.cache.tiers.DataType;
import io.soilhub.scalability.platform.core.Problem;
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
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// Keeps what clients know of single varieties, under `variety:{id}` of the variety data.
@Path("cache/variety-data")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Cache")
public class VarietyCacheResource {

  static final String VARIETY = "variety";
  static final String CROP_DATA = "crop_data";
  private static final Set<String> TAGS = Set.of(VARIETY, CROP_DATA);
  private static final Duration LIFETIME = Duration.ofHours(1);

  /// @param ttl seconds; 3600 when not given
  public record Put(String varietyId, JsonText varietyData, Optional<Integer> ttl) {

    public Put {
      if (varietyId == null || varietyId.isEmpty()) {
        throw Problem.invalid("/variety_id", "must be given");
      }
      if (varietyData == null) {
        throw Problem.invalid("/variety_data", "must be given");
      }
      ttl = ttl == null ? Optional.empty() : ttl;
    }
  }

  /// @param data JSON as it was put; null when there is none
  public record VarietyData(
      String varietyId,
      @JsonRawValue @JsonInclude(JsonInclude.Include.ALWAYS) String data,
      boolean found) {}

  /// What it is for `cache/{key}`, whose path it takes.
  private static final String OWN_NAME = "variety-data";

  private final JsonValueCache values;
  private final SurrogateKeys surrogateKeys;

  @Inject
  public VarietyCacheResource(JsonValueCache values, SurrogateKeys surrogateKeys) {
    this.values = values;
    this.surrogateKeys = surrogateKeys;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response put(Put put, @Context UriInfo uri) {
    Duration ttl = put.ttl().map(Duration::ofSeconds).orElse(LIFETIME);
    CacheWriteResult cacheWriteResult =
        values.put(
            DataType.VARIETY_DATA, key(put.varietyId()), put.varietyData(), Optional.of(ttl), TAGS);
    ChangeResponse changeResponse =
        ChangeResponse.of("The variety data is stored", cacheWriteResult.outcome());
    if (cacheWriteResult.existed()) {
      return Response.ok(changeResponse).build();
    }
    return Response.created(CacheResource.location(uri, put.varietyId()))
        .entity(changeResponse)
        .build();
  }

  @GET
  @Path("{variety_id}")
  @CacheableByCdn({VARIETY, CROP_DATA})
  public VarietyData get(@PathParam("variety_id") String id) {
    surrogateKeys.add(key(id));
    CacheReadResult<String> cacheReadResult = values.read(DataType.VARIETY_DATA, key(id));
    surrogateKeys.holdsFor(cacheReadResult.ttlRemaining());
    return new VarietyData(id, cacheReadResult.value().orElse("null"), cacheReadResult.found());
  }

  @POST
  @Path("invalidate")
  public ChangeResponse invalidate() {
    return ChangeResponse.of("All variety data is gone", values.invalidate(TAGS));
  }

  /// The key `variety-data` of whatever data type.
  @GET
  public CacheResource.CacheEntryView getOwnName(@QueryParam("data_type") String dataType) {
    return new CacheResource(values).get(OWN_NAME, dataType);
  }

  @DELETE
  public ChangeResponse deleteOwnName(@QueryParam("data_type") String dataType) {
    return new CacheResource(values).delete(OWN_NAME, dataType);
  }

  private static String key(String varietyId) {
    return "variety:" + varietyId;
  }
}
