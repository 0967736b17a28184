package io.soilhub.scalability.cache.cdn;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.soilhub.scalability.platform.settings.ServerSettings;
import io.soilhub.scalability.platform.settings.Setting;
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

  private static final Setting<List<String>> URL =
      Setting.list(
          "CDN_URL",
          "",
          "URL; of each server, with commas, for varnish",
          "where tags are purged: a Varnish, https://api.fastly.com/service/ID, or"
              + " https://api.cloudflare.com/client/v4/zones/ID; without it there is no CDN");

  private static final Setting<CdnProvider> KIND =
      Setting.choice(
          "CDN_KIND", CdnProvider.VARNISH, List.of(CdnProvider.values()), "make of the CDN");

  private static final Setting<Optional<String>> TOKEN =
      Setting.optional(
          "CDN_TOKEN",
          "printable ASCII",
          "API token; for varnish, if set, the bearer token of a purge");

  private static final Setting<Double> PURGES_PER_SECOND =
      Setting.decimal("CDN_PURGES_PER_SECOND", 5, 0.01, 1000, "requests of all replicas together");

  private static final Setting<Duration> REPURGE =
      Setting.duration(
          "CDN_REPURGE_SECONDS", SECONDS, 2, 0, 60, "when a tag is purged again; 0 for never");

  private static final Setting<Boolean> SOFT_PURGE =
      Setting.flag("CDN_SOFT_PURGE", false, "make stale instead of removing; not with cloudflare");

  private static final Setting<Duration> TTL =
      Setting.duration(
          "CDN_TTL_SECONDS", SECONDS, 300, 1, 86_400, "how long the CDN may keep an answer");

  private static final Setting<Duration> STALE =
      Setting.duration(
          "CDN_STALE_SECONDS",
          SECONDS,
          0,
          0,
          86_400,
          "how long it, or a browser, may then give the old one while asking for the new");

  private static final Setting<Boolean> PUBLIC =
      Setting.flag(
          "CDN_PUBLIC",
          false,
          "with AUTH_MODE: let the CDN give catalog answers to anyone, credentials or not");

  static final List<Setting<?>> ALL =
      List.of(URL, KIND, TOKEN, PURGES_PER_SECOND, REPURGE, SOFT_PURGE, TTL, STALE, PUBLIC);

  /// @return empty when CDN_URL is not set
  /// @throws InvalidSetting for what the CDN cannot be reached or paced with
  static Optional<CdnSettings> from(Settings settings) {
    Optional<CdnSettings> read =
        Optional.of(
            new CdnSettings(
                target(settings),
                new Freshness(
                    TTL.read(settings),
                    STALE.read(settings),
                    PUBLIC.read(settings)
                        || ServerSettings.AUTH_MODE.read(settings).equals(List.of("none"))),
                PURGES_PER_SECOND.read(settings),
                REPURGE.read(settings)));
    return read.filter(edge -> !edge.target().urls().isEmpty());
  }

  private static Target target(Settings settings) {
    CdnProvider kind = KIND.read(settings);
    List<URI> urls = URL.read(settings).stream().map(url -> uri(url, kind)).toList();
    if (urls.size() > 1 && kind != CdnProvider.VARNISH) {
      throw new InvalidSetting(
          URL.name(), settings.text(URL.name(), ""), "one URL, unless varnish");
    }
    Optional<String> token = TOKEN.read(settings);
    if (!urls.isEmpty() && token.isEmpty() && kind != CdnProvider.VARNISH) {
      throw new InvalidSetting(TOKEN.name(), "", "set for this CDN_KIND");
    }
    if (token.isPresent() && !token.get().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new InvalidSetting(TOKEN.name(), "(hidden)", "printable ASCII without spaces");
    }
    boolean soft = SOFT_PURGE.read(settings);
    if (soft && kind == CdnProvider.CLOUDFLARE) {
      throw new InvalidSetting(SOFT_PURGE.name(), "true", "false: cloudflare has no soft purge");
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
        URL.name(), url, "an http or https URL without credentials, https for this CDN_KIND");
  }
}
