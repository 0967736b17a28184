package io.soilhub.scalability.telemetry.tracing;

import java.util.concurrent.Executor;

/// For replicas whose OpenTelemetry is off.
final class NoopTracing implements Tracing {

  @Override
  public boolean isOn() {
    return false;
  }

  @Override
  public TraceContext current() {
    return TraceContext.NONE;
  }

  @Override
  public Span begin(Kind kind, String name, TraceContext parent) {
    return Span.NONE;
  }

  @Override
  public Executor carrying(Executor threads) {
    return threads;
  }
}
