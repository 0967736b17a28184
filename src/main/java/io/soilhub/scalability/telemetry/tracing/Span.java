package io.soilhub.scalability.telemetry.tracing;

/// One piece of work within a trace, from its beginning until [#end]. Safe for several threads, but
/// for the scopes, which each belong to one.
public interface Span {

  /// Makes the span the current one of a thread until closed there.
  interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  /// Takes everything and keeps nothing.
  Span NONE = new NoopSpan();

  /// What a request to another process carries, so that its work lies below this span.
  TraceContext context();

  /// @param attribute name by the semantic conventions of OpenTelemetry, or below `soilhub.`
  Span with(String attribute, String value);

  Span with(String attribute, long value);

  /// Says that the work failed.
  ///
  /// @param errorType a stable name, not a message
  Span failed(String errorType);

  /// To be closed by the calling thread.
  Scope enter();

  /// The work is done; what comes after the first call is ignored.
  void end();
}
