package io.soilhub.scalability.edge;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
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

  private HttpRequest request(URI url, String tags) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve("/"))
            .method("PURGE", BodyPublishers.noBody())
            .header(target.soft() ? "xkey-softpurge" : "xkey-purge", tags);
    target.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    return request.build();
  }
}
