package io.soilhub.scalability.gateway.upstream;

import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.gateway.proxy.Body;
import io.soilhub.scalability.gateway.proxy.ClientDisconnected;
import io.soilhub.scalability.gateway.proxy.Deadlines;
import io.soilhub.scalability.gateway.proxy.Field;
import io.soilhub.scalability.gateway.proxy.RetryRule;
import io.soilhub.scalability.gateway.proxy.Upstream;
import io.soilhub.scalability.gateway.proxy.UpstreamFailure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
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

/// Sends requests over HTTP/1.1 on pooled connections (Apache HttpCore, blocking, for virtual
/// threads). The response is left as it arrived.
final class HttpUpstream implements Upstream {

  private static final Set<String> USUALLY_WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private final ConnectionPool connections;
  private final HttpRequestExecutor executor = new HttpRequestExecutor();

  HttpUpstream(ConnectionPool connections) {
    this.connections = connections;
  }

  @Override
  public Upstream.Response send(
      InstanceSpec instanceSpec, Upstream.Request request, int timeoutMillis, Deadlines.Limit limit)
      throws UpstreamFailure, ClientDisconnected {
    int millis = Math.max(1, timeoutMillis);
    ConnectionPool.Lease connection = lease(() -> connections.lease(instanceSpec, millis));
    try {
      return exchange(connection, instanceSpec, request, millis, limit);
    } catch (UpstreamFailure e) {
      boolean stale = connection.isStale() && e.kind() == UpstreamFailure.Kind.BROKEN;
      if (!stale || !RetryRule.afterFailure(request, e.kind())) {
        throw e;
      }
    }
    // An instance may close an idle connection at any moment: that is not its failure.
    ConnectionPool.Lease fresh = lease(() -> connections.fresh(instanceSpec, millis));
    return exchange(fresh, instanceSpec, request, millis, limit);
  }

  private Upstream.Response exchange(
      ConnectionPool.Lease connection,
      InstanceSpec instanceSpec,
      Upstream.Request request,
      int millis,
      Deadlines.Limit limit)
      throws UpstreamFailure, ClientDisconnected {
    limit.onCut(connection::cut);
    connect(connection, limit);
    try {
      connection.http().setSocketTimeout(Timeout.ofMilliseconds(millis));
      ClassicHttpRequest outgoing = outgoing(instanceSpec, request, connection);
      HttpCoreContext context = HttpCoreContext.create();
      ClassicHttpResponse response = executor.execute(outgoing, connection.http(), context);
      // Once the response has begun, only the deadline bounds how long it may pause.
      connection
          .http()
          .setSocketTimeout(Timeout.ofMilliseconds(Math.max(1, limit.whole().leftMillis())));
      boolean reusable =
          request.body().ended()
              && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(outgoing, response, context);
      if (!limit.begun()) {
        throw new SocketTimeoutException("the response began too late");
      }
      return new UpstreamResponse(connection, response, reusable);
    } catch (ClientDisconnected e) {
      connection.discard();
      throw e;
    } catch (IOException | HttpException e) {
      connection.discard();
      boolean late = e instanceof SocketTimeoutException;
      throw failure(late ? UpstreamFailure.Kind.LATE : UpstreamFailure.Kind.BROKEN, e, limit);
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
      throw failure(UpstreamFailure.Kind.UNREACHED, e, limit);
    }
  }

  /// Why an attempt failed.
  ///
  /// @param kind unless it was cut
  /// @throws ClientDisconnected when it was cut because nobody waits for it
  private static UpstreamFailure failure(
      UpstreamFailure.Kind kind, Exception cause, Deadlines.Limit limit) throws ClientDisconnected {
    if (limit.whole().isAbandoned()) {
      throw new ClientDisconnected(cause);
    }
    boolean over = limit.isCut() || limit.whole().isOver();
    return new UpstreamFailure(over ? UpstreamFailure.Kind.LATE : kind, cause);
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
      InstanceSpec instanceSpec, Upstream.Request request, ConnectionPool.Lease connection) {
    BasicClassicHttpRequest outgoing =
        new BasicClassicHttpRequest(request.method(), null, request.path());
    outgoing.addHeader("Host", instanceSpec.authority());
    for (Field field : request.headers()) {
      outgoing.addHeader(field.name(), field.value());
    }
    Body body = request.body();
    if (!body.isEmpty()) {
      outgoing.setEntity(new InputStreamEntity(new Content(body, connection), body.length(), null));
    }
    if (body.length() < 0) {
      outgoing.addHeader("Transfer-Encoding", "chunked");
    } else if (body.length() > 0 || USUALLY_WITH_BODY.contains(request.method())) {
      outgoing.addHeader("Content-Length", Long.toString(body.length()));
    }
    return outgoing;
  }

  /// A body that cuts the connection when it cannot be read to its end: HttpCore would write the
  /// last chunk, and the instance would take a part of the body for the whole (RFC 9112, section
  /// 8).
  private static final class Content extends FilterInputStream {

    private final ConnectionPool.Lease connection;

    Content(Body body, ConnectionPool.Lease connection) {
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
