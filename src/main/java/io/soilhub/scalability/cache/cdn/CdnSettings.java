package io.soilhub.scalability.cache.cdn;

import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.Settings.InvalidSetting;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The CDN, when there is one.
///
/// @param purgesPerSecond requests that all replicas together may send
/// @param again after which time a tag is purged a second time; zero when it is not
record CdnSettings(Target target, Freshness freshness, double purgesPerSecond, Duration again) {

  /// Where purges go.
  ///
  /// @param urls one, or each server of a Varnish; without a slash at the end
  /// @param soft whether a purge makes stale instead of removing
  record Target(CdnProvider kind, List<URI> urls, Optional<String> token, boolean soft) {

    Target {
      urls = List.copyOf(urls);
    }

    /// Each server by itself.
    List<Target> servers() {
      return urls.stream().map(url -> new Target(kind, List.of(url), token, soft)).toList();
    }

    /// Where a single server is.
    URI url() {
      return urls.getFirst();
    }

    @Override
    public String toString() {
      return "Target[%s, %s, soft=%s]".formatted(kind, urls, soft);
    }
  }

  /// How long the CDN may answer by itself.
  ///
  /// @param stale for how long after that it may give the old answer while it asks for the new one
  /// @param forAnyone whether an answer may be given to callers that the service has not seen
  record Freshness(Duration lifetime, Duration stale, boolean forAnyone) {

    /// For an answer that holds for so long: whole seconds, both times together no longer than it.
    Freshness within(Duration life) {
      Duration whole = Duration.ofSeconds(life.getSeconds());
      Duration fresh = shorter(lifetime, whole);
      return new Freshness(fresh, shorter(stale, whole.minus(fresh)), forAnyone);
    }

    private static Duration shorter(Duration one, Duration other) {
      return one.compareTo(other) < 0 ? one : other;
    }
  }

  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1");
  private static final double SLOWEST = 0.01;
  private static final double FASTEST = 1_000;

  /// @return empty when CDN_URL is not set
  /// @throws InvalidSetting for what the CDN cannot be reached or paced with
  static Optional<CdnSettings> from(Settings settings) {
    Optional<CdnSettings> read =
        Optional.of(
            new CdnSettings(
                target(settings),
                new Freshness(
                    settings.duration("CDN_TTL_SECONDS", Duration.ofSeconds(1), 300, 1, 86_400),
                    settings.duration("CDN_STALE_SECONDS", Duration.ofSeconds(1), 0, 0, 86_400),
                    settings.flag("CDN_PUBLIC", false)
                        || settings.text("AUTH_MODE", "none").equals("none")),
                purgesPerSecond(settings),
                settings.duration("CDN_REPURGE_SECONDS", Duration.ofSeconds(1), 2, 0, 60)));
    return read.filter(edge -> !edge.target().urls().isEmpty());
  }

  private static Target target(Settings settings) {
    CdnProvider kind = settings.choice("CDN_KIND", CdnProvider.VARNISH);
    List<URI> urls = settings.list("CDN_URL", "").stream().map(url -> uri(url, kind)).toList();
    if (urls.size() > 1 && kind != CdnProvider.VARNISH) {
      throw new InvalidSetting("CDN_URL", settings.text("CDN_URL", ""), "one URL, unless varnish");
    }
    Optional<String> token = settings.text("CDN_TOKEN");
    if (!urls.isEmpty() && token.isEmpty() && kind != CdnProvider.VARNISH) {
      throw new InvalidSetting("CDN_TOKEN", "", "set for this CDN_KIND");
    }
    if (token.isPresent() && !token.get().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new InvalidSetting("CDN_TOKEN", "(hidden)", "printable ASCII without spaces");
    }
    boolean soft = settings.flag("CDN_SOFT_PURGE", false);
    if (soft && kind == CdnProvider.CLOUDFLARE) {
      throw new InvalidSetting("CDN_SOFT_PURGE", "true", "false: cloudflare has no soft purge");
    }
    return new Target(kind, urls, token, soft);
  }

  /// A token is only sent where it cannot be read on the way, except to one's own Varnish.
  private static URI uri(String url, CdnProvider kind) {
    try {
      URI uri = URI.create(url.replaceAll("/+$", ""));
      boolean secure =
          "https".equals(uri.getScheme())
              || kind == CdnProvider.VARNISH
              || HERE.contains(String.valueOf(uri.getHost()));
      boolean known = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (known && secure && uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    throw new InvalidSetting(
        "CDN_URL", url, "an http or https URL without credentials, https for this CDN_KIND");
  }

  private static double purgesPerSecond(Settings settings) {
    String text = settings.text("CDN_PURGES_PER_SECOND", "5");
    try {
      double rate = Double.parseDouble(text);
      if (rate >= SLOWEST && rate <= FASTEST) {
        return rate;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new InvalidSetting("CDN_PURGES_PER_SECOND", text, "a number from 0.01 to 1000");
  }
}
