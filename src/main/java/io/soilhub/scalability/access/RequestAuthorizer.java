package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Authority;
import io.soilhub.scalability.platform.http.HttpMethods;
import io.soilhub.scalability.platform.http.RequiresRole.Role;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Lets callers in where there is no JAX-RS, by the same credentials and roles as everywhere else:
/// reading takes a viewer, anything else an operator.
public final class RequestAuthorizer {

  private final Authentication authentication;
  private final AccessSettings settings;

  RequestAuthorizer(Authentication authentication, AccessSettings settings) {
    this.authentication = authentication;
    this.settings = settings;
  }

  /// What a request shows of who sends it.
  ///
  /// @param apiKey the header X-API-Key
  /// @param authorization the header Authorization
  /// @param foreignPage whether a browser says that a page of another site asks for a change
  /// @param peer textual IP address of the other end of the connection
  public record Shown(
      String method,
      Optional<String> apiKey,
      Optional<String> authorization,
      boolean foreignPage,
      String peer) {

    /// @param header value of a header field by its name, null without one
    /// @param authority that the request was sent to; empty in HTTP/1.0
    public static Shown of(
        String method, UnaryOperator<String> header, Optional<Authority> authority, String peer) {
      return new Shown(
          method,
          Optional.ofNullable(header.apply("X-API-Key")),
          Optional.ofNullable(header.apply("Authorization")),
          CrossOrigin.changes(
              method,
              Optional.ofNullable(header.apply("Sec-Fetch-Site")),
              Optional.ofNullable(header.apply("Origin")),
              authority),
          peer);
    }
  }

  /// @return names in lower case of the headers that hold what was presented to us, which is nobody
  ///   else's business
  /// @throws Problem of kind UNAUTHENTICATED or FORBIDDEN
  public Set<String> admit(Shown shown) {
    Optional<String> key = shown.apiKey();
    CallerIdentity caller =
        authentication.caller(
            new Authentication.Credentials(
                key, shown.authorization(), shown.foreignPage(), shown.peer()));
    Role needed = HttpMethods.isSafe(shown.method()) ? Role.VIEWER : Role.OPERATOR;
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
