package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.RequiresRole.Role;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Turns credentials into a caller.
final class Authentication {

  /// What a request brings along.
  ///
  /// @param apiKey the header X-API-Key
  /// @param authorization the header Authorization
  /// @param foreignPage whether a browser says that a page of another site asks for a change
  /// @param remoteAddress textual IP address of the peer
  record Credentials(
      Optional<String> apiKey,
      Optional<String> authorization,
      boolean foreignPage,
      String remoteAddress) {}

  private static final Pattern BEARER = Pattern.compile("Bearer +(\\S+)", Pattern.CASE_INSENSITIVE);

  private final AccessSettings settings;
  private final ApiKeyCache ring;

  Authentication(AccessSettings settings, ApiKeyCache ring) {
    this.settings = settings;
    this.ring = ring;
  }

  /// @throws Problem of kind UNAUTHENTICATED without usable credentials
  CallerIdentity caller(Credentials credentials) {
    Set<AccessSettings.Mode> modes = settings.modes();
    if (modes.isEmpty()) {
      return anonymous(credentials);
    }
    Optional<String> bearer = bearer(credentials);
    Optional<CallerIdentity> caller = Optional.empty();
    if (modes.contains(AccessSettings.Mode.API_KEY)) {
      caller = credentials.apiKey().or(() -> bearer).flatMap(ring::owner);
    }
    if (caller.isEmpty()) {
      caller =
          settings
              .tokens()
              .flatMap(jwtVerifier -> bearer.flatMap(jwtVerifier::bearer))
              .map(Authentication::of);
    }
    return caller.orElseThrow(Authentication::unauthenticated);
  }

  /// The address that the server listens on already keeps others out; this holds also when that is
  /// configured past us. A browser on this machine is not its user: pages of other sites can make
  /// it post forms, and nothing else would stop them where nobody proves who he is.
  private CallerIdentity anonymous(Credentials credentials) {
    String remoteAddress = credentials.remoteAddress();
    boolean loopback =
        remoteAddress.startsWith("127.")
            || remoteAddress.equals("::1")
            || remoteAddress.equals("0:0:0:0:0:0:0:1");
    if (!loopback && !settings.anonymousFromAnywhere()) {
      throw new Problem(
          Problem.Kind.FORBIDDEN,
          "loopback-only",
          "Without authentication the service answers this machine only.");
    }
    if (credentials.foreignPage()) {
      throw new Problem(
          Problem.Kind.FORBIDDEN,
          "cross-site",
          "Without authentication no page of another site may change anything.");
    }
    return CallerIdentity.ANONYMOUS;
  }

  private static Optional<String> bearer(Credentials credentials) {
    return credentials
        .authorization()
        .map(BEARER::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1));
  }

  /// A token with none of our roles among its groups proves somebody who may do nothing.
  private static CallerIdentity of(JwtVerifier.Bearer token) {
    Role role =
        Arrays.stream(Role.values())
            .filter(r -> token.groups().contains(r.name().toLowerCase(Locale.ROOT)))
            .max(Comparator.naturalOrder())
            .orElseThrow(
                () ->
                    new Problem(
                        Problem.Kind.FORBIDDEN,
                        "no-role",
                        "The token's groups name none of viewer, operator and admin."));
    return new CallerIdentity("jwt:" + token.name(), role);
  }

  private static Problem unauthenticated() {
    return new Problem(
        Problem.Kind.UNAUTHENTICATED,
        "unauthenticated",
        "A valid API key (X-API-Key) or bearer token is needed.");
  }
}
