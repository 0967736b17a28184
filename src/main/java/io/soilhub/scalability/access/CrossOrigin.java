package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.http.Authority;
import io.soilhub.scalability.platform.http.HttpMethods;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether a page of another site makes a browser send a request. New browsers say whose page it is
/// in `Sec-Fetch-Site`, but only to https and to this machine; all of them send `Origin` with
/// everything but GET and HEAD.
final class CrossOrigin {

  /// A page of the service itself, and what a person typed.
  private static final Set<String> OWN_PAGES = Set.of("same-origin", "none");

  private static final Pattern ORIGIN =
      Pattern.compile("(https?)://([^/]+)", Pattern.CASE_INSENSITIVE);
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private CrossOrigin() {}

  /// Whether the request may change something and comes from a page of another site.
  ///
  /// @param fetchSite the field Sec-Fetch-Site
  /// @param origin the field Origin
  /// @param own authority that the request was sent to; empty in HTTP/1.0
  static boolean changes(
      String method, Optional<String> fetchSite, Optional<String> origin, Optional<Authority> own) {
    if (HttpMethods.isRetrieval(method)) {
      return false;
    }
    boolean foreignSite = fetchSite.filter(site -> !OWN_PAGES.contains(site)).isPresent();
    return foreignSite || origin.filter(page -> !isOwn(page, own)).isPresent();
  }

  /// The scheme may differ: a proxy in front can have ended TLS.
  private static boolean isOwn(String origin, Optional<Authority> own) {
    Matcher matcher = ORIGIN.matcher(origin);
    if (own.isEmpty() || !matcher.matches()) {
      return false;
    }
    int port = matcher.group(1).toLowerCase(Locale.ROOT).equals("https") ? HTTPS : HTTP;
    return Authority.parse(matcher.group(2))
        .filter(page -> page.isSame(own.get(), port))
        .isPresent();
  }
}
