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

/// Makes a span of every try, from its sending until its answer is read or given up, and sends its
/// context to the instance in place of the caller's. The span lies below the one that the thread
/// works on, or where there is none below the caller's. Only for replicas that trace.
final class TracedUpstream implements Upstream {

  private static final int FAILED = 400;

  private final Upstream upstream;
  private final Tracing tracing;

  private TracedUpstream(Upstream upstream, Tracing tracing) {
    this.upstream = upstream;
    this.tracing = tracing;
  }

  /// The upstream itself while nothing is traced: the caller's context passes as it came.
  static Upstream of(Upstream upstream, Tracing tracing) {
    return tracing.isOn() ? new TracedUpstream(upstream, tracing) : upstream;
  }

  @Override
  public Answer send(
      InstanceSpec instanceSpec, Outgoing request, int timeoutMillis, Deadlines.Limit limit)
      throws UpstreamFailure, ClientDisconnected {
    Span span = begin(instanceSpec, request);
    List<Field> headers = Headers.traced(request.headers(), span.context());
    Outgoing traced = new Outgoing(request.method(), request.path(), headers, request.body());
    try {
      Answer answer = upstream.send(instanceSpec, traced, timeoutMillis, limit);
      HttpSpans.answered(span, answer.status(), FAILED);
      return new TracedAnswer(answer, span);
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

  private Span begin(InstanceSpec instanceSpec, Outgoing request) {
    TraceContext current = tracing.current();
    TraceContext parent = current.isNone() ? Headers.trace(request.headers()) : current;
    return HttpSpans.client(tracing, request.method(), parent)
        .with("server.address", instanceSpec.host())
        .with("server.port", instanceSpec.port())
        .with("soilhub.service", instanceSpec.service())
        .with("soilhub.instance.id", instanceSpec.instanceId());
  }

  private record TracedAnswer(Answer answer, Span span) implements Answer {

    @Override
    public int status() {
      return answer.status();
    }

    @Override
    public List<Field> headers() {
      return answer.headers();
    }

    @Override
    public long length() {
      return answer.length();
    }

    @Override
    public InputStream body() throws IOException {
      return new TracedBody(answer.body(), span);
    }

    @Override
    public void close() {
      answer.close();
      span.end();
    }
  }

  /// Notices that an answer breaks off in the middle.
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
