package io.soilhub.scalability.telemetry.tracing;

import java.util.Set;

/// Spans of HTTP by the semantic conventions of OpenTelemetry.
public final class HttpSpans {

  /// Any other may be made up by a caller, and names of spans must be few.
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT");

  private HttpSpans() {}

  /// Begins the span of a request that came in.
  ///
  /// @param route that it is answered by
  public static Span server(Tracing tracing, String method, String route, TraceContext parent) {
    Span span = tracing.begin(Tracing.Kind.SERVER, name(method, "HTTP") + " " + route, parent);
    return span.with("http.request.method", name(method, "_OTHER")).with("http.route", route);
  }

  /// Begins the span of a request that is sent.
  public static Span client(Tracing tracing, String method, TraceContext parent) {
    return tracing
        .begin(Tracing.Kind.CLIENT, name(method, "HTTP"), parent)
        .with("http.request.method", name(method, "_OTHER"));
  }

  /// Says how it was answered.
  ///
  /// @param failedFrom the least status that is a failure: to a server that of its own, to a client
  ///   that of either side
  public static void answered(Span span, int status, int failedFrom) {
    span.with("http.response.status_code", status);
    if (status >= failedFrom) {
      span.failed(Integer.toString(status));
    }
  }

  private static String name(String method, String other) {
    return METHODS.contains(method) ? method : other;
  }
}
