package io.soilhub.scalability.platform.http;

import java.util.Set;

/// What the methods of HTTP promise (RFC 9110, section 9.2). Names are case-sensitive.
public final class HttpMethods {

  private static final Set<String> RETRIEVALS = Set.of("GET", "HEAD");

  private HttpMethods() {}

  /// Whether the method only fetches a representation: GET and HEAD, the two that browsers send
  /// from a page of another site without naming it in `Origin`.
  public static boolean isRetrieval(String method) {
    return RETRIEVALS.contains(method);
  }

  /// Whether the caller asks for no change: GET, HEAD and OPTIONS. TRACE is served nowhere and
  /// counts as unknown.
  public static boolean isSafe(String method) {
    return isRetrieval(method) || method.equals("OPTIONS");
  }

  /// Whether doing it twice is doing it once: the safe methods, PUT and DELETE.
  public static boolean isIdempotent(String method) {
    return isSafe(method) || method.equals("PUT") || method.equals("DELETE");
  }
}
