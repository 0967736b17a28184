package io.soilhub.scalability.cache.cdn;

import java.util.List;

/// A server of a CDN that purges by tag.
@FunctionalInterface
interface CdnClient {

  /// Tags of one request: what Cloudflare takes; Fastly would take 256, a header of Varnish 500.
  int MOST_TAGS = 100;

  /// Removes all answers that carry any of the tags, or makes them stale. Returns within
  /// [PurgeHttpClient#LIMIT] or little more.
  ///
  /// @param ids at most [#MOST_TAGS], by [SurrogateKey]
  PurgeResult purge(List<String> ids);
}
