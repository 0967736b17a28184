package io.soilhub.scalability.upstream;

import io.soilhub.scalability.fleet.Target;
import io.soilhub.scalability.gateway.Body;
import io.soilhub.scalability.gateway.CallerGone;
import io.soilhub.scalability.gateway.Deadlines;
import io.soilhub.scalability.gateway.Fault;
import io.soilhub.scalability.gateway.Field;
import io.soilhub.scalability.gateway.Upstream;
import io.soilhub.scalability.outbound.Names;
import io.soilhub.scalability.platform.Ticker;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.util.Timeout;

/// Instances over HTTP/1.1 with kept connections (Apache HttpCore, blocking, for virtual threads).
/// What arrives is passed on as it is. Names are resolved by [Names], so that a forbidden address
/// is refused at the connect.
final class HttpUpstream implements Upstream, AutoCloseable {

  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Set<String> USUALLY_WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private final Names names;
  private final Connections connections;
  private final HttpRequestExecutor executor = new HttpRequestExecutor();

  HttpUpstream(Names names, Ticker ticker) {
    this.names = names;
    this.connections = new Connections(names, ticker);
  }

  @Override
  public Answer send(Target target, Outgoing request, int timeoutMillis, Deadlines.Limit limit)
      throws Fault, CallerGone {
    int millis = Math.max(1, timeoutMillis);
    Connections.Lease connection = lease(() -> connections.lease(target, millis));
    try {
      return exchange(connection, target, request, millis, limit);
    } catch (Fault e) {
      boolean again = connection.isStale() && e.kind() == Fault.Kind.BROKEN;
      if (!again || !request.isRepeatable()) {
        throw e;
      }
    }
    // An instance may close an idle connection at any moment: that is no fault of it.
    Connections.Lease fresh = lease(() -> connections.fresh(target, millis));
    return exchange(fresh, target, request, millis, limit);
  }

  private Answer exchange(
      Connections.Lease connection,
      Target target,
      Outgoing request,
      int millis,
      Deadlines.Limit limit)
      throws Fault, CallerGone {
    limit.onCut(connection::cut);
    connect(connection, limit);
    try {
      connection.http().setSocketTimeout(Timeout.ofMilliseconds(millis));
      ClassicHttpRequest outgoing = outgoing(target, request, connection);
      HttpCoreContext context = HttpCoreContext.create();
      ClassicHttpResponse answer = executor.execute(outgoing, connection.http(), context);
      // Once the answer has begun, only the deadline bounds how long it may pause.
      connection
          .http()
          .setSocketTimeout(Timeout.ofMilliseconds(Math.max(1, limit.whole().leftMillis())));
      boolean again =
          request.body().ended()
              && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(outgoing, answer, context);
      if (!limit.begun()) {
        throw new SocketTimeoutException("answered too late");
      }
      return new HttpAnswer(connection, answer, again);
    } catch (CallerGone e) {
      connection.discard();
      throw e;
    } catch (IOException | HttpException e) {
      connection.discard();
      boolean late = e instanceof SocketTimeoutException;
      throw fault(late ? Fault.Kind.LATE : Fault.Kind.BROKEN, e, limit);
    } catch (RuntimeException e) {
      connection.discard();
      throw e;
    }
  }

  private static void connect(Connections.Lease connection, Deadlines.Limit limit)
      throws Fault, CallerGone {
    try {
      connection.connect();
    } catch (IOException e) {
      connection.discard();
      throw fault(Fault.Kind.UNREACHED, e, limit);
    }
  }

  /// What it means that a try broke.
  ///
  /// @param kind unless it was cut
  /// @throws CallerGone when it was cut because nobody waits for it
  private static Fault fault(Fault.Kind kind, Exception cause, Deadlines.Limit limit)
      throws CallerGone {
    if (limit.whole().isAbandoned()) {
      throw new CallerGone(cause);
    }
    boolean over = limit.isCut() || limit.whole().isOver();
    return new Fault(over ? Fault.Kind.LATE : kind, cause);
  }

  /// Closes what is idle, and forgets instances without connections. Called now and then.
  void tidy() {
    tidy(IDLE);
  }

  void tidy(Duration idle) {
    connections.tidy(idle);
  }

  /// How many instances something is kept of.
  int kept() {
    return connections.instances();
  }

  @Override
  public void close() {
    connections.close();
    names.close();
  }

  /// Waits for a free connection.
  @FunctionalInterface
  private interface Leasing {
    Optional<Connections.Lease> lease() throws InterruptedException;
  }

  private static Connections.Lease lease(Leasing leasing) throws Fault {
    try {
      return leasing
          .lease()
          .orElseThrow(
              () ->
                  new Fault(
                      Fault.Kind.UNREACHED, new ConnectException("no connection became free")));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault(Fault.Kind.UNREACHED, new InterruptedIOException("interrupted"));
    }
  }

  private static ClassicHttpRequest outgoing(
      Target target, Outgoing request, Connections.Lease connection) {
    BasicClassicHttpRequest outgoing =
        new BasicClassicHttpRequest(request.method(), null, request.path());
    String host = target.host();
    outgoing.addHeader(
        "Host", (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + target.port());
    for (Field field : request.headers()) {
      outgoing.addHeader(field.name(), field.value());
    }
    Body body = request.body();
    if (!body.isEmpty()) {
      outgoing.setEntity(
          new InputStreamEntity(new Breaking(body, connection), body.length(), null));
    }
    if (body.length() < 0) {
      outgoing.addHeader("Transfer-Encoding", "chunked");
    } else if (body.length() > 0 || USUALLY_WITH_BODY.contains(request.method())) {
      outgoing.addHeader("Content-Length", Long.toString(body.length()));
    }
    return outgoing;
  }

  /// A body that cuts the connection when it breaks off: HttpCore would write the last chunk behind
  /// it, and the instance would take half of it for the whole (RFC 9112, section 8).
  private static final class Breaking extends FilterInputStream {

    private final Connections.Lease connection;

    Breaking(Body body, Connections.Lease connection) {
      super(body);
      this.connection = connection;
    }

    @Override
    public int read(byte[] bytes, int offset, int most) throws IOException {
      try {
        return super.read(bytes, offset, most);
      } catch (IOException | RuntimeException e) {
        connection.cut();
        throw e;
      }
    }
  }
}
