package io.soilhub.scalability.cache.cdn;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What goes with an answer so that it is kept in the right places and found again: plain values
/// for whatever HTTP layer sends it.
///
/// A browser always asks again, because no purge reaches it. The CDN keeps the answer for
/// `s-maxage`. `stale-while-revalidate` (RFC 5861) is said even when it is zero: Varnish goes on
/// for ten seconds otherwise.
///
/// @param values header by name, ETag included
record CdnHeaders(EntityTag entityTag, Map<String, String> values) {

  static final String CACHE_CONTROL = "Cache-Control";
  static final String ETAG = "ETag";

  /// Kept by no shared cache, and by the caller only to ask whether it still holds.
  static final String PRIVATE = "private, no-cache";

  /// Of an answer that ends with a purge only.
  static final Duration UNTIL_PURGED = ChronoUnit.FOREVER.getDuration();

  CdnHeaders {
    values = Map.copyOf(values);
  }

  /// @param edge the CDN, if there is one
  /// @param tags all that the answer depends on, at least one
  /// @param life how long the answer holds: no cache is to give it for longer, stale or not
  static CdnHeaders of(
      Optional<CdnSettings> edge, byte[] body, Collection<String> tags, Duration life) {
    EntityTag entityTag = EntityTag.of(body);
    Map<String, String> values = new TreeMap<>();
    values.put(ETAG, entityTag.quoted());
    values.put(CACHE_CONTROL, PRIVATE);
    edge.map(cdn -> cdn.freshness().within(life))
        .filter(time -> time.forAnyone() && time.lifetime().isPositive() && !tags.isEmpty())
        .ifPresent(time -> addShared(edge.get().target().kind(), time, tags, values));
    return new CdnHeaders(entityTag, values);
  }

  private static void addShared(
      CdnProvider kind,
      CdnSettings.Freshness freshness,
      Collection<String> tags,
      Map<String, String> values) {
    kind.value(tags.stream().map(SurrogateKey::id).distinct().sorted().toList())
        .ifPresent(
            value -> {
              values.put(kind.header(), value);
              values.put(CACHE_CONTROL, shared(freshness));
            });
  }

  private static String shared(CdnSettings.Freshness freshness) {
    return "public, max-age=0, s-maxage=%d, stale-while-revalidate=%d"
        .formatted(freshness.lifetime().toSeconds(), freshness.stale().toSeconds());
  }
}
