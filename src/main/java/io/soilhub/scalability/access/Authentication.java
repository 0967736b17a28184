package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.Access.Role;
import io.soilhub.scalability.platform.Problem;
import java.security.Principal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.jwt.JsonWebToken;

/// Turns credentials into a caller.
final class Authentication {

  /// What a request brings along.
  ///
  /// @param apiKey the header X-API-Key
  /// @param authorization the header Authorization
  /// @param principal whom the server has proven by the JWT, if any
  /// @param remoteAddress textual IP address of the peer
  record Credentials(
      Optional<String> apiKey,
      Optional<String> authorization,
      Optional<Principal> principal,
      String remoteAddress) {}

  private static final Pattern BEARER_KEY =
      Pattern.compile("Bearer +(\\S+)", Pattern.CASE_INSENSITIVE);

  private final AccessSettings settings;
  private final KeyRing ring;

  Authentication(AccessSettings settings, KeyRing ring) {
    this.settings = settings;
    this.ring = ring;
  }

  /// @throws Problem of kind UNAUTHENTICATED without usable credentials
  Caller caller(Credentials credentials) {
    Set<AccessSettings.Mode> modes = settings.modes();
    if (modes.isEmpty()) {
      return anonymous(credentials.remoteAddress());
    }
    Optional<Caller> caller = Optional.empty();
    if (modes.contains(AccessSettings.Mode.API_KEY)) {
      caller = key(credentials).flatMap(ring::owner);
    }
    if (caller.isEmpty() && modes.contains(AccessSettings.Mode.JWT)) {
      caller = credentials.principal().flatMap(Authentication::fromToken);
    }
    return caller.orElseThrow(Authentication::unauthenticated);
  }

  /// The address that the server listens on already keeps others out; this holds also when that is
  /// configured past us.
  private Caller anonymous(String remoteAddress) {
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
    return Caller.ANONYMOUS;
  }

  private static Optional<String> key(Credentials credentials) {
    return credentials
        .apiKey()
        .or(
            () ->
                credentials
                    .authorization()
                    .map(BEARER_KEY::matcher)
                    .filter(java.util.regex.Matcher::matches)
                    .map(m -> m.group(1)));
  }

  /// A token with none of our roles among its groups proves somebody who may do nothing.
  private static Optional<Caller> fromToken(Principal principal) {
    if (!(principal instanceof JsonWebToken token)) {
      return Optional.empty();
    }
    Set<String> groups = token.getGroups() == null ? Set.of() : token.getGroups();
    Role role =
        Arrays.stream(Role.values())
            .filter(r -> groups.contains(r.name().toLowerCase(Locale.ROOT)))
            .max(Comparator.naturalOrder())
            .orElseThrow(
                () ->
                    new Problem(
                        Problem.Kind.FORBIDDEN,
                        "no-role",
                        "The token's groups name none of viewer, operator and admin."));
    return Optional.of(new Caller("jwt:" + token.getName(), role));
  }

  private static Problem unauthenticated() {
    return new Problem(
        Problem.Kind.UNAUTHENTICATED,
        "unauthenticated",
        "A valid API key (X-API-Key) or bearer token is needed.");
  }
}
