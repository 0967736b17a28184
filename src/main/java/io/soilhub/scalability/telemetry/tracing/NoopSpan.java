package io.soilhub.scalability.telemetry.tracing;

/// What stands for a span where nothing is traced.
final class NoopSpan implements Span {

  private static final Scope NOTHING = () -> {};

  @Override
  public TraceContext context() {
    return TraceContext.NONE;
  }

  @Override
  public Span with(String attribute, String value) {
    return this;
  }

  @Override
  public Span with(String attribute, long value) {
    return this;
  }

  @Override
  public Span failed(String errorType) {
    return this;
  }

  @Override
  public Scope enter() {
    return NOTHING;
  }

  @Override
  public void end() {}
}
