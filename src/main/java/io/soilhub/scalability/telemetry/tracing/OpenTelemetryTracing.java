package io.soilhub.scalability.telemetry.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/// Spans of the OpenTelemetry that the server brings. Contexts travel as W3C Trace Context whatever
/// OTEL_PROPAGATORS says: that is the form in which the journal keeps them.
final class OpenTelemetryTracing implements Tracing {

  private static final String SCOPE = "io.soilhub.scalability";
  private static final String PARENT = "traceparent";
  private static final String STATE = "tracestate";
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  private final Tracer tracer;

  private OpenTelemetryTracing(Tracer tracer) {
    this.tracer = tracer;
  }

  /// [Tracing#OFF] when the SDK is disabled, as it is by default.
  static Tracing of(OpenTelemetry telemetry) {
    TracerProvider tracers = telemetry.getTracerProvider();
    return tracers.equals(TracerProvider.noop())
        ? Tracing.OFF
        : new OpenTelemetryTracing(tracers.get(SCOPE));
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public TraceContext current() {
    return context(Context.current());
  }

  @Override
  public Span begin(Kind kind, String name, TraceContext parent) {
    return new Begun(
        tracer
            .spanBuilder(name)
            .setSpanKind(
                switch (kind) {
                  case SERVER -> SpanKind.SERVER;
                  case CLIENT -> SpanKind.CLIENT;
                  case CONSUMER -> SpanKind.CONSUMER;
                })
            .setParent(W3C.extract(Context.root(), parent, new Fields()))
            .startSpan());
  }

  @Override
  public Executor carrying(Executor threads) {
    return Context.taskWrapping(threads);
  }

  private static TraceContext context(Context context) {
    Map<String, String> fields = new HashMap<>();
    W3C.inject(context, fields, (map, name, value) -> map.put(name, value));
    return TraceContext.of(fields.get(PARENT), fields.get(STATE));
  }

  private record Begun(io.opentelemetry.api.trace.Span span) implements Span {

    @Override
    public TraceContext context() {
      return OpenTelemetryTracing.context(Context.root().with(span));
    }

    @Override
    public Span with(String attribute, String value) {
      span.setAttribute(attribute, value);
      return this;
    }

    @Override
    public Span with(String attribute, long value) {
      span.setAttribute(attribute, value);
      return this;
    }

    @Override
    public Span failed(String errorType) {
      span.setStatus(StatusCode.ERROR);
      return with("error.type", errorType);
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // the caller closes it
    public Scope enter() {
      return Context.root().with(span).makeCurrent()::close;
    }

    @Override
    public void end() {
      span.end();
    }
  }

  private static final class Fields implements TextMapGetter<TraceContext> {

    @Override
    public List<String> keys(TraceContext context) {
      return List.of(PARENT, STATE);
    }

    @Override
    public String get(TraceContext context, String name) {
      return context == null
          ? null
          : switch (name) {
            case PARENT -> context.traceparent();
            case STATE -> context.tracestate();
            default -> null;
          };
    }
  }
}
