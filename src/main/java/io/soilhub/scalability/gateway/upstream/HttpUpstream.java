package io.soilhub.scalability.gateway.upstream;

import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.gateway.proxy.Body;
import io.soilhub.scalability.gateway.proxy.ClientDisconnected;
import io.soilhub.scalability.gateway.proxy.Deadlines;
import io.soilhub.scalability.gateway.proxy.Field;
import io.soilhub.scalability.gateway.proxy.Upstream;
import io.soilhub.scalability.gateway.proxy.UpstreamFailure;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.outbound.DnsCache;
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
/// What arrives is passed on as it is. Names are resolved by [DnsCache], so that a forbidden
/// address is refused at the connect.
final class HttpUpstream implements Upstream, AutoCloseable {

  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Set<String> USUALLY_WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private final DnsCache dnsCache;
  private final ConnectionPool connectionPool;
  private final HttpRequestExecutor executor = new HttpRequestExecutor();

  HttpUpstream(DnsCache dnsCache, Ticker ticker) {
    this.dnsCache = dnsCache;
    this.connectionPool = new ConnectionPool(dnsCache, ticker);
  }

  @Override
  public Answer send(
      InstanceSpec instanceSpec, Outgoing request, int timeoutMillis, Deadlines.Limit limit)
      throws UpstreamFailure, ClientDisconnected {
    int millis = Math.max(1, timeoutMillis);
    ConnectionPool.Lease connection = lease(() -> connectionPool.lease(instanceSpec, millis));
    try {
      return exchange(connection, instanceSpec, request, millis, limit);
    } catch (UpstreamFailure e) {
      boolean again = connection.isStale() && e.kind() == UpstreamFailure.Kind.BROKEN;
      if (!again || !request.isRepeatable()) {
        throw e;
      }
    }
    // An instance may close an idle connection at any moment: that is no fault of it.
    ConnectionPool.Lease fresh = lease(() -> connectionPool.fresh(instanceSpec, millis));
    return exchange(fresh, instanceSpec, request, millis, limit);
  }

  private Answer exchange(
      ConnectionPool.Lease connection,
      InstanceSpec instanceSpec,
      Outgoing request,
      int millis,
      Deadlines.Limit limit)
      throws UpstreamFailure, ClientDisconnected {
    limit.onCut(connection::cut);
    connect(connection, limit);
    try {
      connection.http().setSocketTimeout(Timeout.ofMilliseconds(millis));
      ClassicHttpRequest outgoing = outgoing(instanceSpec, request, connection);
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
      return new UpstreamResponse(connection, answer, again);
    } catch (ClientDisconnected e) {
      connection.discard();
      throw e;
    } catch (IOException | HttpException e) {
      connection.discard();
      boolean late = e instanceof SocketTimeoutException;
      throw upstreamFailure(
          late ? UpstreamFailure.Kind.LATE : UpstreamFailure.Kind.BROKEN, e, limit);
    } catch (RuntimeException e) {
      connection.discard();
      throw e;
    }
  }

  private static void connect(ConnectionPool.Lease connection, Deadlines.Limit limit)
      throws UpstreamFailure, ClientDisconnected {
    try {
      connection.connect();
    } catch (IOException e) {
      connection.discard();
      throw upstreamFailure(UpstreamFailure.Kind.UNREACHED, e, limit);
    }
  }

  /// What it means that a try broke.
  ///
  /// @param kind unless it was cut
  /// @throws ClientDisconnected when it was cut because nobody waits for it
  private static UpstreamFailure upstreamFailure(
      UpstreamFailure.Kind kind, Exception cause, Deadlines.Limit limit) throws ClientDisconnected {
    if (limit.whole().isAbandoned()) {
      throw new ClientDisconnected(cause);
    }
    boolean over = limit.isCut() || limit.whole().isOver();
    return new UpstreamFailure(over ? UpstreamFailure.Kind.LATE : kind, cause);
  }

  /// Closes what is idle, and forgets instances without connections. Called now and then.
  void tidy() {
    tidy(IDLE);
  }

  void tidy(Duration idle) {
    connectionPool.tidy(idle);
  }

  /// How many instances something is kept of.
  int kept() {
    return connectionPool.instances();
  }

  @Override
  public void close() {
    connectionPool.close();
    dnsCache.close();
  }

  /// Waits for a free connection.
  @FunctionalInterface
  private interface Leasing {
    Optional<ConnectionPool.Lease> lease() throws InterruptedException;
  }

  private static ConnectionPool.Lease lease(Leasing leasing) throws UpstreamFailure {
    try {
      return leasing
          .lease()
          .orElseThrow(
              () ->
                  new UpstreamFailure(
                      UpstreamFailure.Kind.UNREACHED,
                      new ConnectException("no connection became free")));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UpstreamFailure(
          UpstreamFailure.Kind.UNREACHED, new InterruptedIOException("interrupted"));
    }
  }

  private static ClassicHttpRequest outgoing(
      InstanceSpec instanceSpec, Outgoing request, ConnectionPool.Lease connection) {
    BasicClassicHttpRequest outgoing =
        new BasicClassicHttpRequest(request.method(), null, request.path());
    String host = instanceSpec.host();
    outgoing.addHeader(
        "Host", (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + instanceSpec.port());
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

    private final ConnectionPool.Lease connection;

    Breaking(Body body, ConnectionPool.Lease connection) {
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
