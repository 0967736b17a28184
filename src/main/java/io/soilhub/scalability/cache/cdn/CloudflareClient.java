package io.soilhub.scalability.cache.cdn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.outbound.OutboundRequest;
import java.net.URI;
import java.util.List;

/// Cloudflare's purge by tag: `POST /zones/{id}/purge_cache`. CDN_URL names the zone:
/// `https://api.cloudflare.com/client/v4/zones/{id}`.
record CloudflareClient(CdnSettings.Target server, PurgeHttpClient calls) implements CdnClient {

  @Override
  public PurgeResult purge(List<String> ids) {
    ObjectNode body = Json.object();
    ArrayNode tags = body.putArray("tags");
    ids.forEach(tags::add);
    OutboundRequest request =
        OutboundRequest.of("POST", URI.create(server.url() + "/purge_cache"))
            .with("Authorization", "Bearer " + server.token().orElseThrow())
            .json(Json.write(body));
    return calls.send(request, CloudflareClient::success);
  }

  private static boolean success(String answer) {
    try {
      return Json.parse(answer).path("success").asBoolean();
    } catch (RuntimeException _) {
      return false;
    }
  }
}
