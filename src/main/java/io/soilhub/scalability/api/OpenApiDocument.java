package io.soilhub.scalability.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/// Completes the document of the API with what holds for every call: title and version, how callers
/// prove themselves, the problem that answers any error, and the names that members have in JSON,
/// which the scan of the classes does not know.
public class OpenApiDocument implements OASFilter {

  private static final String DESCRIPTION =
      """
      Background jobs that are never lost, and crop variety recommendations from field trials.
      Errors are RFC 9457 problems. Every POST that creates takes an Idempotency-Key. Every answer
      carries X-Request-Id.\
      """;

  private static final SnakeCaseStrategy NAMES = new SnakeCaseStrategy();

  @Override
  public Schema filterSchema(Schema schema) {
    if (schema.getProperties() != null) {
      Map<String, Schema> members = new LinkedHashMap<>();
      schema.getProperties().forEach((name, member) -> members.put(NAMES.translate(name), member));
      schema.setProperties(members);
    }
    if (schema.getRequired() != null) {
      List<String> required = schema.getRequired().stream().map(NAMES::translate).toList();
      schema.setRequired(required);
    }
    return schema;
  }

  @Override
  public void filterOpenAPI(OpenAPI document) {
    String version =
        ConfigProvider.getConfig()
            .getOptionalValue("soilhub.version", String.class)
            .orElse("unknown");
    document.setInfo(
        OASFactory.createInfo()
            .title("Soil Hub Scalability")
            .version(version)
            .description(DESCRIPTION));
    if (document.getComponents() == null) {
      document.setComponents(OASFactory.createComponents());
    }
    document
        .getComponents()
        .addSecurityScheme(
            "api_key",
            OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.APIKEY)
                .in(SecurityScheme.In.HEADER)
                .name("X-API-Key"))
        .addSecurityScheme(
            "bearer",
            OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .bearerFormat("JWT"))
        .addSchema("Problem", problem());
    document.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme("api_key"));
    document.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme("bearer"));
    if (document.getPaths() != null) {
      document.getPaths().getPathItems().values().forEach(OpenApiDocument::complete);
    }
  }

  private static void complete(PathItem path) {
    for (Operation operation : path.getOperations().values()) {
      if (operation.getResponses() == null) {
        operation.setResponses(OASFactory.createAPIResponses());
      }
      operation
          .getResponses()
          .setDefaultValue(
              OASFactory.createAPIResponse()
                  .description("The request failed; the problem says why.")
                  .content(
                      OASFactory.createContent()
                          .addMediaType(
                              ProblemResponse.MEDIA_TYPE,
                              OASFactory.createMediaType()
                                  .schema(
                                      OASFactory.createSchema()
                                          .ref("#/components/schemas/Problem")))));
    }
  }

  private static Schema problem() {
    Schema violation =
        OASFactory.createSchema()
            .addType(Schema.SchemaType.OBJECT)
            .addProperty("pointer", text("JSON pointer into the body, or /query/<name>"))
            .addProperty("detail", text("What is wrong there"));
    return OASFactory.createSchema()
        .addType(Schema.SchemaType.OBJECT)
        .description("RFC 9457 problem details")
        .addProperty("type", text("URN that ends in the short name of the problem"))
        .addProperty("title", text("The HTTP status in words"))
        .addProperty("status", OASFactory.createSchema().addType(Schema.SchemaType.INTEGER))
        .addProperty("detail", text("What went wrong with this request"))
        .addProperty("instance", text("The path of the request"))
        .addProperty(
            "errors", OASFactory.createSchema().addType(Schema.SchemaType.ARRAY).items(violation))
        .addProperty("request_id", text("Under which the logs know the request"));
  }

  private static Schema text(String description) {
    return OASFactory.createSchema().addType(Schema.SchemaType.STRING).description(description);
  }
}
