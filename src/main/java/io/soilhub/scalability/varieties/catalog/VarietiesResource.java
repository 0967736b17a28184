package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.cache.cdn.CacheableByCdn;
import io.soilhub.scalability.cache.cdn.SurrogateKeys;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Page;
import io.soilhub.scalability.platform.http.PageRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityPart;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// Trial tables in, and what is loaded.
@Path("varieties")
@Tag(name = "Varieties", description = "Recommendations from field trials, search, trial tables")
@Produces(MediaType.APPLICATION_JSON)
public class VarietiesResource {

  private final TrialImport trialImport;
  private final VarietyCatalog varietyCatalog;
  private final SurrogateKeys surrogateKeys;

  @Inject
  public VarietiesResource(
      TrialImport trialImport, VarietyCatalog varietyCatalog, SurrogateKeys surrogateKeys) {
    this.trialImport = trialImport;
    this.varietyCatalog = varietyCatalog;
    this.surrogateKeys = surrogateKeys;
  }

  /// The table alone; what is to be said of it stands in the query.
  @POST
  @Path("trials")
  @Consumes({"text/csv", "application/gzip"})
  public Response importTable(byte[] table, @Context UriInfo uri) {
    Map<String, String> fields = new HashMap<>();
    uri.getQueryParameters().forEach((name, values) -> fields.put(name, values.getFirst()));
    return accepted(trialImport.receive(fields, table, new byte[0]));
  }

  /// A form with the files `trials` and, if wanted, `sites`; the other parts are fields.
  @POST
  @Path("trials")
  @Consumes(MediaType.MULTIPART_FORM_DATA)
  public Response importForm(List<EntityPart> parts) throws IOException {
    Map<String, byte[]> contents = new HashMap<>();
    for (EntityPart part : parts) {
      if (part.getName() == null) {
        throw Problem.invalid("", "each part of the form must have a name");
      }
      contents.put(part.getName(), part.getContent().readAllBytes());
    }
    byte[] trials = contents.containsKey("trials") ? contents.remove("trials") : new byte[0];
    byte[] sites = contents.containsKey("sites") ? contents.remove("sites") : new byte[0];
    Map<String, String> fields = new HashMap<>();
    contents.forEach((name, text) -> fields.put(name, new String(text, StandardCharsets.UTF_8)));
    return accepted(trialImport.receive(fields, trials, sites));
  }

  private static Response accepted(TrialImport.Receipt receipt) {
    return Response.accepted(receipt).location(URI.create("jobs/" + receipt.jobId())).build();
  }

  @GET
  @Path("datasets")
  @CacheableByCdn({Catalog.VARIETY_TAG, Catalog.CROP_DATA_TAG})
  public Page<Loaded.DataSetItem> dataSets(
      @QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
    Page<Loaded.DataSetItem> page = Loaded.dataSets(current(), PageRequest.of(limit, cursor, 1));
    page.items().forEach(item -> surrogateKeys.add(Catalog.cropTag(item.cropId())));
    return page;
  }

  @GET
  @Path("crops")
  @CacheableByCdn({Catalog.VARIETY_TAG, Catalog.CROP_DATA_TAG})
  public Page<Loaded.CropItem> crops(
      @QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
    Page<Loaded.CropItem> page = Loaded.crops(current(), PageRequest.of(limit, cursor, 1));
    page.items().forEach(item -> surrogateKeys.add(Catalog.cropTag(item.cropId())));
    return page;
  }

  /// One that is behind is given, and kept by nobody: its purge may have been before.
  private Catalog current() {
    Catalog catalog = varietyCatalog.current();
    if (!varietyCatalog.isNewest(catalog)) {
      surrogateKeys.holdsFor(Duration.ZERO);
    }
    return catalog;
  }
}
