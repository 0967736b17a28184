package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.telemetry.tracing.HttpSpans;
import io.soilhub.scalability.telemetry.tracing.Span;
import io.soilhub.scalability.telemetry.tracing.TraceContext;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;

/// Makes a span of every attempt, from its sending until its response is read or given up, and
/// sends the span's context to the instance instead of the client's. The span is a child of the one
/// that the thread works on, or without one, of the client's. Only for replicas that trace.
final class TracedUpstream implements Upstream {

  private static final int FAILED = 400;

  private final Upstream upstream;
  private final Tracing tracing;

  private TracedUpstream(Upstream upstream, Tracing tracing) {
    this.upstream = upstream;
    this.tracing = tracing;
  }

  /// The upstream itself while nothing is traced: the client's context passes as it came.
  static Upstream of(Upstream upstream, Tracing tracing) {
    return tracing.isOn() ? new TracedUpstream(upstream, tracing) : upstream;
  }

  @Override
  public Upstream.Response send(
      InstanceSpec instanceSpec, Upstream.Request request, int timeoutMillis, Deadlines.Limit limit)
      throws UpstreamFailure, ClientDisconnected {
    Span span = begin(instanceSpec, request);
    List<Field> headers = Headers.traced(request.headers(), span.context());
    Upstream.Request traced =
        new Upstream.Request(request.method(), request.path(), headers, request.body());
    try {
      Upstream.Response response = upstream.send(instanceSpec, traced, timeoutMillis, limit);
      HttpSpans.answered(span, response.status(), FAILED);
      return new TracedResponse(response, span);
    } catch (UpstreamFailure e) {
      span.failed(e.kind().name().toLowerCase(Locale.ROOT)).end();
      throw e;
    } catch (ClientDisconnected e) {
      span.failed("caller_gone").end();
      throw e;
    } catch (RuntimeException e) {
      span.failed(e.getClass().getName()).end();
      throw e;
    }
  }

  private Span begin(InstanceSpec instanceSpec, Upstream.Request request) {
    TraceContext current = tracing.current();
    TraceContext parent = current.isNone() ? Headers.trace(request.headers()) : current;
    return HttpSpans.client(tracing, request.method(), parent)
        .with("server.address", instanceSpec.host())
        .with("server.port", instanceSpec.port())
        .with("soilhub.service", instanceSpec.service())
        .with("soilhub.instance.id", instanceSpec.instanceId());
  }

  private record TracedResponse(Upstream.Response response, Span span)
      implements Upstream.Response {

    @Override
    public int status() {
      return response.status();
    }

    @Override
    public List<Field> headers() {
      return response.headers();
    }

    @Override
    public long length() {
      return response.length();
    }

    @Override
    public InputStream body() throws IOException {
      return new TracedBody(response.body(), span);
    }

    @Override
    public void close() {
      response.close();
      span.end();
    }
  }

  /// Notices that a response breaks off.
  private static final class TracedBody extends FilterInputStream {

    private final Span span;

    TracedBody(InputStream body, Span span) {
      super(body);
      this.span = span;
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (IOException e) {
        span.failed("broken");
        throw e;
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        span.failed("broken");
        throw e;
      }
    }
  }
}
