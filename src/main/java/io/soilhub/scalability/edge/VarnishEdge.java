package io.soilhub.scalability.edge;

import io.soilhub.scalability.outbound.OutboundRequest;
import java.net.URI;
import java.util.List;

/// Varnish with vmod_xkey: `PURGE` with the tags in `xkey-purge` or `xkey-softpurge`, to each of
/// its servers, since they share nothing. What the VCL has to do with it stands in
/// docs/varnish.vcl.
record VarnishEdge(EdgeSettings.Target target, PurgeCalls calls) implements Edge {

  @Override
  public PurgeResult purge(List<String> ids) {
    String tags = String.join(" ", ids);
    return calls.send(target.urls().stream().map(url -> request(url, tags)).toList(), _ -> true);
  }

  private OutboundRequest request(URI url, String tags) {
    OutboundRequest request =
        OutboundRequest.of("PURGE", url.resolve("/"))
            .with(target.soft() ? "xkey-softpurge" : "xkey-purge", tags);
    return target
        .token()
        .map(token -> request.with("Authorization", "Bearer " + token))
        .orElse(request);
  }
}
