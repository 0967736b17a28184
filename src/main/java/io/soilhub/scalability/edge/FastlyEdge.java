package io.soilhub.scalability.edge;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;

/// Fastly's purge of several surrogate keys: `POST /service/{id}/purge`. CDN_URL names the service:
/// `https://api.fastly.com/service/{id}`.
record FastlyEdge(EdgeSettings.Target target, PurgeCalls calls) implements Edge {

  @Override
  public PurgeResult purge(List<String> ids) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target.urls().getFirst() + "/purge"))
            .header("Accept", "application/json")
            .header("Fastly-Key", target.token().orElseThrow())
            .header("Surrogate-Key", String.join(" ", ids))
            .POST(BodyPublishers.noBody());
    if (target.soft()) {
      request.header("Fastly-Soft-Purge", "1");
    }
    return calls.send(List.of(request.build()), _ -> true);
  }
}
