package io.soilhub.scalability.cache.cdn;

import io.soilhub.scalability.platform.outbound.OutboundRequest;
import java.net.URI;
import java.util.List;

/// Fastly's purge of several surrogate keys: `POST /service/{id}/purge`. CDN_URL names the service:
/// `https://api.fastly.com/service/{id}`.
record FastlyClient(CdnSettings.Target server, PurgeHttpClient calls) implements CdnClient {

  @Override
  public PurgeResult purge(List<String> ids) {
    OutboundRequest request =
        OutboundRequest.of("POST", URI.create(server.url() + "/purge"))
            .with("Accept", "application/json")
            .with("Fastly-Key", server.token().orElseThrow())
            .with("Surrogate-Key", String.join(" ", ids));
    if (server.soft()) {
      request = request.with("Fastly-Soft-Purge", "1");
    }
    return calls.send(request, _ -> true);
  }
}
