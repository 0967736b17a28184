package io.soilhub.scalability.gateway;

import io.soilhub.scalability.fleet.Target;
import io.soilhub.scalability.platform.Ticker;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
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
    Connections.Lease connection = lease(target, Math.max(1, timeoutMillis));
    limit.onCut(connection::cut);
    connect(connection, limit);
    try {
      connection.http().setSocketTimeout(Timeout.ofMilliseconds(Math.max(1, timeoutMillis)));
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
      boolean late = isOver(limit) || e instanceof SocketTimeoutException;
      throw new Fault(late ? Fault.Kind.LATE : Fault.Kind.BROKEN, e);
    } catch (RuntimeException e) {
      connection.discard();
      throw e;
    }
  }

  private static void connect(Connections.Lease connection, Deadlines.Limit limit) throws Fault {
    try {
      connection.connect();
    } catch (IOException e) {
      connection.discard();
      throw new Fault(isOver(limit) ? Fault.Kind.LATE : Fault.Kind.UNREACHED, e);
    }
  }

  private static boolean isOver(Deadlines.Limit limit) {
    return limit.isCut() || limit.whole().isOver();
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

  private Connections.Lease lease(Target target, int millis) throws Fault {
    try {
      return connections
          .lease(target, millis)
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

  /// Gives the connection back when the body has been read to its end, and ends it when the answer
  /// is closed before.
  private static final class HttpAnswer implements Answer {

    private static final Duration USUAL_REST = Duration.ofMinutes(3);

    /// What may be on its way while an instance closes.
    private static final long REST_MARGIN_SECONDS = 1;

    private final Connections.Lease connection;
    private final ClassicHttpResponse response;
    private final boolean again;
    private boolean done;

    HttpAnswer(Connections.Lease connection, ClassicHttpResponse response, boolean again) {
      this.connection = connection;
      this.response = response;
      this.again = again;
      if (response.getEntity() == null || response.getEntity().getContentLength() == 0) {
        ended();
      }
    }

    @Override
    public int status() {
      return response.getCode();
    }

    @Override
    public List<Field> headers() {
      Header[] headers = response.getHeaders();
      List<Field> fields = new ArrayList<>(headers.length);
      for (Header header : headers) {
        String value = header.getValue() == null ? "" : header.getValue();
        fields.add(new Field(header.getName().strip(), value));
      }
      return fields;
    }

    @Override
    public long length() {
      HttpEntity entity = response.getEntity();
      return entity == null ? 0 : entity.getContentLength();
    }

    @Override
    public InputStream body() throws IOException {
      HttpEntity entity = response.getEntity();
      return entity == null ? InputStream.nullInputStream() : new Ending(entity.getContent());
    }

    @Override
    public void close() {
      if (!done) {
        done = true;
        connection.discard();
      }
    }

    private void ended() {
      if (done) {
        return;
      }
      done = true;
      if (again) {
        connection.keep(rest());
      } else {
        connection.discard();
      }
    }

    /// How long the instance says that it keeps an idle connection.
    private Duration rest() {
      Header hint = response.getFirstHeader("Keep-Alive");
      if (hint == null || hint.getValue() == null) {
        return USUAL_REST;
      }
      for (String part : hint.getValue().split("[,;]")) {
        String parameter = part.strip();
        if (parameter.matches("timeout=\\d{1,6}")) {
          long seconds = Long.parseLong(parameter.substring("timeout=".length()));
          return Duration.ofSeconds(Math.max(0, seconds - REST_MARGIN_SECONDS));
        }
      }
      return USUAL_REST;
    }

    /// The body, which frees the connection with its end.
    private final class Ending extends InputStream {

      private final InputStream in;

      Ending(InputStream in) {
        this.in = in;
      }

      @Override
      public int read() throws IOException {
        if (done) {
          return -1;
        }
        int read = in.read();
        if (read < 0) {
          ended();
        }
        return read;
      }

      @Override
      public int read(byte[] bytes, int offset, int most) throws IOException {
        if (done) {
          return -1;
        }
        int got = in.read(bytes, offset, most);
        if (got < 0) {
          ended();
        }
        return got;
      }

      @Override
      public int available() throws IOException {
        return done ? 0 : in.available();
      }
    }
  }
}
