package io.soilhub.scalability.telemetry.tracing;

import java.util.concurrent.Executor;

/// Begins spans, and tells which one a thread works on. What is exported, how much of it and where
/// to is the business of the server's OpenTelemetry.
public interface Tracing {

  /// On whose behalf the work of a span is done.
  enum Kind {
    /// A request that came in.
    SERVER,
    /// A request to somebody else, until its answer.
    CLIENT,
    /// Something that was handed over earlier and that nobody waits for.
    CONSUMER
  }

  /// Traces nothing.
  Tracing OFF = new NoopTracing();

  /// Whether there is any use in working out the name and the attributes of a span.
  boolean isOn();

  /// The span that the calling thread works on; [TraceContext#NONE] outside of any.
  TraceContext current();

  /// Begins a span. It is the current one of no thread until it is entered.
  ///
  /// @param name one of few
  /// @param parent [TraceContext#NONE] to begin a trace
  Span begin(Kind kind, String name, TraceContext parent);

  /// Threads that work on the same span as who hands them their work.
  Executor carrying(Executor threads);
}
