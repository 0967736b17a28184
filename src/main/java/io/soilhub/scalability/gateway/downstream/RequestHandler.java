package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.access.AllowedHosts;
import io.soilhub.scalability.access.RequestAuthorizer;
import io.soilhub.scalability.gateway.proxy.Gateway;
import io.soilhub.scalability.gateway.proxy.ProxyRequest;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.http.Authority;
import io.soilhub.scalability.telemetry.logging.RequestId;
import io.soilhub.scalability.telemetry.metrics.RequestMeter;
import io.soilhub.scalability.telemetry.tracing.Span;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Set;

/// Handles each request at the gateway's own port, on whichever connection it came, as the server's
/// port does: gives it an id, checks the host and the credentials, measures and logs it, and has it
/// forwarded.
final class RequestHandler {

  private static final Logger LOG = System.getLogger(RequestHandler.class.getName());

  private final AllowedHosts hosts;
  private final RequestAuthorizer requestAuthorizer;
  private final Gateway gateway;
  private final RequestMeter meter;
  private final Uuid7 ids;
  private final Problem.Page problems;
  private final AccessLog log;
  private final RequestSpans spans;

  RequestHandler(
      AllowedHosts hosts,
      RequestAuthorizer requestAuthorizer,
      Gateway gateway,
      RequestMeter meter,
      Uuid7 ids,
      Problem.Page problems,
      AccessLog log,
      RequestSpans spans) {
    this.hosts = hosts;
    this.requestAuthorizer = requestAuthorizer;
    this.gateway = gateway;
    this.meter = meter;
    this.ids = ids;
    this.problems = problems;
    this.log = log;
    this.spans = spans;
  }

  /// Responds to one request.
  ///
  /// @return whether another one may be read from the connection
  boolean serve(DownstreamConnection connection, RequestHead head, RequestBody body) {
    AccessLog.OpenRequest entry = log.begin();
    SocketDownstream downstream = downstream(connection, head, body);
    RequestMeter.Measured measured = meter.begin();
    RequestId.enter(downstream.requestId());
    Span span = spans.begin(head, connection.peer());
    try (Span.Scope _ = span.enter()) {
      gateway.forward(admit(head, connection.peer(), downstream.requestId()), downstream);
    } catch (Problem problem) {
      gateway.fail(downstream, problem);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a request could not be answered", e);
      gateway.fail(downstream, Problem.internal());
    } finally {
      measured.end(downstream.status(), Optional.empty());
      entry.end(connection.peer(), head, downstream);
      RequestSpans.end(span, downstream.status());
      RequestId.leave();
    }
    return downstream.isReusable();
  }

  /// Responds to what could not be read as a request.
  void refuse(DownstreamConnection connection, Problem problem) {
    RequestMeter.Measured measured = meter.begin();
    AccessLog.OpenRequest entry = log.begin();
    SocketDownstream downstream = downstream(connection, RequestHead.UNREAD, RequestBody.unknown());
    gateway.fail(downstream, problem);
    measured.end(downstream.status(), Optional.empty());
    entry.end(connection.peer(), RequestHead.UNREAD, downstream);
  }

  private SocketDownstream downstream(
      DownstreamConnection connection, RequestHead head, RequestBody body) {
    String id = RequestId.of(head.first(RequestId.HEADER), ids::next);
    return new SocketDownstream(connection, head, body, id, problems);
  }

  /// @throws Problem for a request that may not be forwarded
  private ProxyRequest admit(RequestHead head, String peer, String id) {
    head.check();
    Optional<Authority> authority = head.sentTo();
    authority.map(Authority::host).ifPresent(hosts::check);
    Set<String> credentials =
        requestAuthorizer.admit(
            RequestAuthorizer.Shown.of(
                head.method(), name -> head.first(name).orElse(null), authority, peer));
    String host = authority.map(Authority::toString).orElse("");
    return new ProxyRequest(
        id,
        head.method(),
        head.path(),
        head.query(),
        head.fields(),
        new ProxyRequest.Origin(peer, host, "http"),
        credentials,
        false);
  }
}
