package io.soilhub.scalability.frontends;

import io.soilhub.scalability.access.AllowedHosts;
import io.soilhub.scalability.access.Entrance;
import io.soilhub.scalability.access.RequestId;
import io.soilhub.scalability.gateway.CallerGone;
import io.soilhub.scalability.gateway.Deadlines;
import io.soilhub.scalability.gateway.Gateway;
import io.soilhub.scalability.monitoring.RequestMeter;
import io.soilhub.scalability.platform.Authority;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.Uuid7;
import io.soilhub.scalability.tracing.Span;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/// What happens to each request at the gateway's own port, whichever connection it came on: the
/// same as at the server's port. It gets its id, is looked at whether it was sent to this service
/// and by whom, is counted, and is forwarded.
final class Desk {

  private static final Logger LOG = System.getLogger(Desk.class.getName());

  private static final int REFUSAL_MS = 5_000;

  private final AllowedHosts hosts;
  private final Entrance entrance;
  private final Gateway gateway;
  private final Deadlines deadlines;
  private final RequestMeter meter;
  private final Uuid7 ids;
  private final Problem.Page problems;
  private final AccessLog log;
  private final RequestSpans spans;

  Desk(
      AllowedHosts hosts,
      Entrance entrance,
      Gateway gateway,
      Deadlines deadlines,
      RequestMeter meter,
      Uuid7 ids,
      Problem.Page problems,
      AccessLog log,
      RequestSpans spans) {
    this.hosts = hosts;
    this.entrance = entrance;
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
  boolean serve(Connection connection, RequestHead head, RequestBody body) {
    AccessLog.Entry entry = log.begin();
    SocketCaller caller = caller(connection, head, body);
    RequestMeter.Measured measured = meter.begin();
    RequestId.enter(caller.requestId());
    Span span = spans.begin(head, connection.peer());
    try (Span.Scope _ = span.enter()) {
      head.check();
      head.sentTo().map(Authority::host).ifPresent(hosts::check);
      caller.admitted(
          entrance.admit(
              Entrance.Shown.of(
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
  void refuse(Connection connection, Problem.Kind kind, String type, String detail) {
    RequestMeter.Measured measured = meter.begin();
    AccessLog.Entry entry = log.begin();
    SocketCaller caller = caller(connection, RequestHead.UNREAD, RequestBody.unknown());
    refuse(caller, new Problem(kind, type, detail));
    measured.end(caller.status(), Optional.empty());
    entry.end(RequestHead.UNREAD, caller);
  }

  private SocketCaller caller(Connection connection, RequestHead head, RequestBody body) {
    String id = RequestId.of(head.first(RequestId.HEADER), ids::next);
    return new SocketCaller(connection, head, body, id, problems);
  }

  private void refuse(SocketCaller caller, Problem problem) {
    try (Deadlines.Limit end = watch(REFUSAL_MS)) {
      end.onCut(caller::cut);
      caller.refuse(problem);
    } catch (CallerGone e) {
      LOG.log(Level.DEBUG, "the caller is gone", e);
    }
  }
}
