package io.soilhub.scalability.cache.cdn;

import io.soilhub.scalability.platform.outbound.OutboundRequest;
import java.util.List;

/// One server of a Varnish with vmod_xkey: `PURGE` with the tags in `xkey-purge` or
/// `xkey-softpurge`. What the VCL has to do with it stands in docs/varnish.vcl.
record VarnishClient(CdnSettings.Target server, PurgeHttpClient calls) implements CdnClient {

  @Override
  public PurgeResult purge(List<String> ids) {
    OutboundRequest request =
        OutboundRequest.of("PURGE", server.url().resolve("/"))
            .with(server.soft() ? "xkey-softpurge" : "xkey-purge", String.join(" ", ids));
    OutboundRequest signed =
        server
            .token()
            .map(token -> request.with("Authorization", "Bearer " + token))
            .orElse(request);
    return calls.send(signed, _ -> true);
  }
}
