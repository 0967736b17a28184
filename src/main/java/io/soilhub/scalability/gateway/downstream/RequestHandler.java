package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.access.AllowedHosts;
import io.soilhub.scalability.access.RequestAuthorizer;
import io.soilhub.scalability.gateway.proxy.ClientDisconnected;
import io.soilhub.scalability.gateway.proxy.Deadlines;
import io.soilhub.scalability.gateway.proxy.Gateway;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.http.Authority;
import io.soilhub.scalability.telemetry.logging.RequestId;
import io.soilhub.scalability.telemetry.metrics.RequestMeter;
import io.soilhub.scalability.telemetry.tracing.Span;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/// What happens to each request at the gateway's own port, whichever connection it came on: the
/// same as at the server's port. It gets its id, is looked at whether it was sent to this service
/// and by whom, is counted, and is forwarded.
final class RequestHandler {

  private static final Logger LOG = System.getLogger(RequestHandler.class.getName());

  private static final int REFUSAL_MS = 5_000;

  private final AllowedHosts hosts;
  private final RequestAuthorizer requestAuthorizer;
  private final Gateway gateway;
  private final Deadlines deadlines;
  private final RequestMeter meter;
  private final Uuid7 ids;
  private final Problem.Page problems;
  private final AccessLog log;
  private final RequestSpans spans;

  RequestHandler(
      AllowedHosts hosts,
      RequestAuthorizer requestAuthorizer,
      Gateway gateway,
      Deadlines deadlines,
      RequestMeter meter,
      Uuid7 ids,
      Problem.Page problems,
      AccessLog log,
      RequestSpans spans) {
    this.hosts = hosts;
    this.requestAuthorizer = requestAuthorizer;
    this.gateway = gateway;
    this.deadlines = deadlines;
    this.meter = meter;
    this.ids = ids;
    this.problems = problems;
    this.log = log;
    this.spans = spans;
  }

  /// Bounds something that is waited for.
  Deadlines.Limit watch(int millis) {
    return deadlines.in(millis).watch();
  }

  /// Gets one request answered.
  ///
  /// @return whether the connection can go on behind it
  boolean serve(DownstreamConnection connection, RequestHead head, RequestBody body) {
    AccessLog.OpenRequest entry = log.begin();
    SocketDownstream caller = caller(connection, head, body);
    RequestMeter.Measured measured = meter.begin();
    RequestId.enter(caller.requestId());
    Span span = spans.begin(head, connection.peer());
    try (Span.Scope _ = span.enter()) {
      head.check();
      head.sentTo().map(Authority::host).ifPresent(hosts::check);
      caller.admitted(
          requestAuthorizer.admit(
              RequestAuthorizer.Shown.of(
                  head.method(),
                  name -> head.first(name).orElse(null),
                  head.sentTo(),
                  connection.peer())));
      gateway.forward(caller);
    } catch (Problem problem) {
      refuse(caller, problem);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a request could not be answered", e);
      refuse(caller, Problem.internal());
    } finally {
      measured.end(caller.status(), Optional.empty());
      entry.end(head, caller);
      RequestSpans.end(span, caller.status());
      RequestId.leave();
    }
    return caller.isReusable();
  }

  /// Answers to what could not be read as a request.
  void refuse(DownstreamConnection connection, Problem.Kind kind, String type, String detail) {
    RequestMeter.Measured measured = meter.begin();
    AccessLog.OpenRequest entry = log.begin();
    SocketDownstream caller = caller(connection, RequestHead.UNREAD, RequestBody.unknown());
    refuse(caller, new Problem(kind, type, detail));
    measured.end(caller.status(), Optional.empty());
    entry.end(RequestHead.UNREAD, caller);
  }

  private SocketDownstream caller(
      DownstreamConnection connection, RequestHead head, RequestBody body) {
    String id = RequestId.of(head.first(RequestId.HEADER), ids::next);
    return new SocketDownstream(connection, head, body, id, problems);
  }

  private void refuse(SocketDownstream caller, Problem problem) {
    try (Deadlines.Limit end = watch(REFUSAL_MS)) {
      end.onCut(caller::cut);
      caller.refuse(problem);
    } catch (ClientDisconnected e) {
      LOG.log(Level.DEBUG, "the caller is gone", e);
    }
  }
}
