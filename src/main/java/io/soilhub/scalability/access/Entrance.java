package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.Access.Role;
import io.soilhub.scalability.platform.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;

/// Lets callers in where there is no JAX-RS, by the same credentials and roles as everywhere else:
/// reading takes a viewer, anything else an operator.
public final class Entrance {

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  private final Authentication authentication;
  private final AccessSettings settings;

  Entrance(Authentication authentication, AccessSettings settings) {
    this.authentication = authentication;
    this.settings = settings;
  }

  /// @return names in lower case of the headers that hold what was presented to us, which is nobody
  ///   else's business
  /// @throws Problem of kind UNAUTHENTICATED or FORBIDDEN
  public Set<String> admit(HttpServletRequest request) {
    Optional<String> key = Optional.ofNullable(request.getHeader("X-API-Key"));
    Caller caller =
        authentication.caller(
            new Authentication.Credentials(
                key,
                Optional.ofNullable(request.getHeader("Authorization")),
                AccessFilter.isForeign(request.getMethod(), request.getHeader("Sec-Fetch-Site")),
                request.getRemoteAddr()));
    Role needed = READING.contains(request.getMethod()) ? Role.VIEWER : Role.OPERATOR;
    if (!caller.role().covers(needed)) {
      throw new Problem(
          Problem.Kind.FORBIDDEN,
          "role-too-small",
          "This takes a larger role than the caller has.");
    }
    if (settings.modes().isEmpty()) {
      return Set.of();
    }
    boolean byKey = key.isPresent() && !settings.modes().contains(AccessSettings.Mode.JWT);
    return byKey ? Set.of("x-api-key") : Set.of("x-api-key", "authorization");
  }
}
