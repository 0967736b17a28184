package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.telemetry.tracing.HttpSpans;
import io.soilhub.scalability.telemetry.tracing.Span;
import io.soilhub.scalability.telemetry.tracing.TraceContext;
import io.soilhub.scalability.telemetry.tracing.Tracing;

/// Spans of the requests at the gateway's own port, named like those that the server makes at its
/// port.
record RequestSpans(Tracing tracing) {

  private static final String ROUTE = "/gateway";
  private static final int FAILED = 500;

  /// @param peer address of the other end of the connection
  Span begin(RequestHead head, String peer) {
    if (!tracing.isOn()) {
      return Span.NONE;
    }
    TraceContext caller = TraceContext.sent(head.all("traceparent"), head.all("tracestate"));
    return HttpSpans.server(tracing, head.method(), ROUTE, caller)
        .with("url.scheme", "http")
        .with("url.path", head.path())
        .with("client.address", peer);
  }

  static void end(Span span, int status) {
    HttpSpans.answered(span, status, FAILED);
    span.end();
  }
}
