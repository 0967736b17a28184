package io.soilhub.scalability.gateway;

import io.soilhub.scalability.fleet.Target;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/// Instances over HTTP/1.1 with kept connections (Apache HttpClient, blocking, for virtual
/// threads). Every convenience is off: what arrives is passed on as it is. Names are resolved by
/// [Names], so that a forbidden address is refused at the connect. The strict pool has one lock for
/// all, which is not felt beside a request, but keeps to the bounds and drops what is kept of
/// instances that are gone; the lax one does neither.
final class HttpUpstream implements Upstream, AutoCloseable {

  private static final Timeout CONNECT = Timeout.ofSeconds(2);
  private static final TimeValue CHECK_AFTER = TimeValue.ofSeconds(1);
  private static final TimeValue OLDEST = TimeValue.ofMinutes(5);
  private static final TimeValue IDLE = TimeValue.ofSeconds(30);
  private static final int MOST_TO_ONE = 1000;
  private static final int MOST = 10_000;

  private final Names names;
  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient client;

  HttpUpstream(Names names) {
    this.names = names;
    this.connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(resolver(names))
            .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.STRICT)
            .setMaxConnPerRoute(MOST_TO_ONE)
            .setMaxConnTotal(MOST)
            .setDefaultSocketConfig(SocketConfig.custom().setTcpNoDelay(true).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(CONNECT)
                    .setValidateAfterInactivity(CHECK_AFTER)
                    .setTimeToLive(OLDEST)
                    .build())
            .build();
    this.client =
        HttpClients.custom()
            .setConnectionManager(connections)
            .setRequestExecutor(new Patient())
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .disableConnectionState()
            .disableDefaultUserAgent()
            .build();
  }

  @Override
  public Answer send(Target target, Outgoing request, int timeoutMillis, Deadlines.Limit limit)
      throws Fault, CallerGone {
    Abortable outgoing = new Abortable(request);
    limit.onCut(outgoing::cancel);
    HttpClientContext context = HttpClientContext.create();
    context.setAttribute(Patient.DEADLINE, limit.whole());
    context.setRequestConfig(
        RequestConfig.custom()
            .setResponseTimeout(Timeout.ofMilliseconds(Math.max(1, timeoutMillis)))
            .setConnectionRequestTimeout(Timeout.ofMilliseconds(Math.max(1, timeoutMillis)))
            .setExpectContinueEnabled(false)
            .setProtocolUpgradeEnabled(false)
            .build());
    try {
      HttpHost host = new HttpHost("http", target.host(), target.port());
      HttpAnswer answer = new HttpAnswer(outgoing, client.executeOpen(host, outgoing, context));
      if (!limit.begun()) {
        answer.close();
        throw new SocketTimeoutException("answered too late");
      }
      return answer;
    } catch (CallerGone e) {
      throw e;
    } catch (IOException | IllegalStateException e) {
      boolean over = limit.isCut() || limit.whole().isOver();
      if (over && request.body().isUnderWay()) {
        throw new CallerGone(e);
      }
      throw new Fault(over ? Fault.Kind.LATE : kind(e), e);
    }
  }

  /// Closes what is idle, and forgets instances without connections. Called now and then.
  void tidy() {
    tidy(IDLE);
  }

  void tidy(TimeValue idle) {
    connections.closeExpired();
    connections.closeIdle(idle);
  }

  /// How many instances something is kept of.
  int kept() {
    return connections.getRoutes().size();
  }

  @Override
  public void close() {
    client.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
    names.close();
  }

  private static Fault.Kind kind(Exception e) {
    return switch (e) {
      case ConnectTimeoutException _ -> Fault.Kind.UNREACHED;
      case ConnectionRequestTimeoutException _ -> Fault.Kind.UNREACHED;
      case ConnectException _ -> Fault.Kind.UNREACHED;
      case NoRouteToHostException _ -> Fault.Kind.UNREACHED;
      case UnknownHostException _ -> Fault.Kind.UNREACHED;
      case SocketTimeoutException _ -> Fault.Kind.LATE;
      default -> Fault.Kind.BROKEN;
    };
  }

  private static DnsResolver resolver(Names names) {
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        return names.resolve(host).toArray(InetAddress[]::new);
      }

      @Override
      public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        return names.resolve(host).stream()
            .map(address -> new InetSocketAddress(address, port))
            .toList();
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }

  /// Once the answer has begun, only the deadline bounds how long it may pause.
  private static final class Patient extends HttpRequestExecutor {

    static final String DEADLINE = "soilhub.deadline";

    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        HttpResponseInformationCallback informed,
        HttpContext context)
        throws IOException, HttpException {
      ClassicHttpResponse answer = super.execute(request, connection, informed, context);
      if (context.getAttribute(DEADLINE) instanceof Deadlines.Deadline deadline) {
        connection.setSocketTimeout(Timeout.ofMilliseconds(Math.max(1, deadline.leftMillis())));
      }
      return answer;
    }
  }

  /// A request whose connection can be cut from another thread.
  private static final class Abortable extends BasicClassicHttpRequest
      implements CancellableDependency {

    private static final long serialVersionUID = 1L;
    private static final String CONTENT_TYPE = "Content-Type";

    private final transient AtomicReference<Optional<Cancellable>> running =
        new AtomicReference<>(Optional.empty());
    private volatile boolean cancelled;

    Abortable(Outgoing request) {
      super(request.method(), null, request.path());
      for (Field field : request.headers()) {
        addHeader(field.name(), field.value());
      }
      Body body = request.body();
      if (request.method().equals("OPTIONS") && !body.isEmpty() && !containsHeader(CONTENT_TYPE)) {
        // The client would refuse it otherwise (RFC 9110, section 9.3.7).
        addHeader(CONTENT_TYPE, "application/octet-stream");
      }
      if (!body.isEmpty()) {
        setEntity(new InputStreamEntity(body, body.length(), null));
      } else if (request.method().equals("POST") || request.method().equals("PUT")) {
        setEntity(new InputStreamEntity(InputStream.nullInputStream(), 0, null));
      }
    }

    @Override
    public void setDependency(Cancellable next) {
      running.set(Optional.of(next));
      if (cancelled) {
        next.cancel();
      }
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public boolean cancel() {
      cancelled = true;
      return running.get().map(Cancellable::cancel).orElse(false);
    }
  }

  private record HttpAnswer(Abortable request, ClassicHttpResponse response) implements Answer {

    @Override
    public int status() {
      return response.getCode();
    }

    @Override
    public List<Field> headers() {
      return Arrays.stream(response.getHeaders())
          .map(h -> new Field(h.getName(), h.getValue() == null ? "" : h.getValue()))
          .toList();
    }

    @Override
    public long length() {
      HttpEntity entity = response.getEntity();
      return entity == null ? 0 : entity.getContentLength();
    }

    @Override
    public InputStream body() throws IOException {
      HttpEntity entity = response.getEntity();
      return entity == null ? InputStream.nullInputStream() : entity.getContent();
    }

    /// Cuts the connection first when there is more to come, which would be waited for otherwise.
    @Override
    public void close() {
      request.cancel();
      try {
        response.close();
      } catch (IOException _) {
        // it was broken already
      }
    }
  }
}
