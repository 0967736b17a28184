package io.soilhub.scalability.telemetry.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.soilhub.scalability.telemetry.tracing.Tracing.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// On the SDK that the server's feature carries.
class OpenTelemetryTracingTest {

  private static final TraceContext CALLER =
      TraceContext.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=value");

  private final RecordedSpans spans = new RecordedSpans();
  private final Tracing tracing = spans.tracing();

  @AfterEach
  void close() {
    spans.close();
  }

  @Test
  void aSpanLiesBelowItsParentFromAnotherProcess() {
    tracing
        .begin(Kind.CONSUMER, "work", CALLER)
        .with("soilhub.text", "t")
        .with("soilhub.number", 7)
        .end();
    SpanData span = spans.ended().getFirst();
    assertThat(span.getName()).isEqualTo("work");
    assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(span.getTraceId()).isEqualTo(CALLER.traceId());
    assertThat(span.getParentSpanId()).isEqualTo(CALLER.spanId());
    assertThat(span.getSpanContext().getTraceState().get("vendor")).isEqualTo("value");
    assertThat(RecordedSpans.text(span, "soilhub.text")).isEqualTo("t");
    assertThat(RecordedSpans.text(span, "soilhub.number")).isEqualTo("7");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void theCurrentSpanIsTheOneEnteredLast() {
    assertThat(tracing.current()).isSameAs(TraceContext.NONE);
    Span outer = tracing.begin(Kind.SERVER, "outer", CALLER);
    assertThat(tracing.current()).isSameAs(TraceContext.NONE);
    try (Span.Scope _ = outer.enter()) {
      assertThat(tracing.current()).isEqualTo(outer.context());
      assertThat(tracing.current().traceId()).isEqualTo(CALLER.traceId());
      assertThat(tracing.current().tracestate()).isEqualTo("vendor=value");
      Span inner = tracing.begin(Kind.CLIENT, "inner", tracing.current());
      try (Span.Scope _ = inner.enter()) {
        assertThat(tracing.current()).isEqualTo(inner.context()).isNotEqualTo(outer.context());
      }
      inner.end();
      assertThat(tracing.current()).isEqualTo(outer.context());
    }
    assertThat(tracing.current()).isSameAs(TraceContext.NONE);
    assertThat(spans.ended().getFirst().getParentSpanId()).isEqualTo(outer.context().spanId());
  }

  @Test
  void withoutAParentATraceBegins() {
    try (Span.Scope _ = tracing.begin(Kind.SERVER, "current", CALLER).enter()) {
      tracing.begin(Kind.CONSUMER, "root", TraceContext.NONE).end();
    }
    SpanData span = spans.ended().getFirst();
    assertThat(span.getParentSpanContext().isValid()).isFalse();
    assertThat(span.getTraceId()).isNotEqualTo(CALLER.traceId());
  }

  @Test
  void aThreadThatIsHandedWorkWorksOnTheSameSpan() throws Exception {
    CompletableFuture<TraceContext> there = new CompletableFuture<>();
    Span span = tracing.begin(Kind.SERVER, "request", CALLER);
    try (Span.Scope _ = span.enter()) {
      tracing
          .carrying(task -> Thread.ofVirtual().start(task))
          .execute(() -> there.complete(tracing.current()));
    }
    assertThat(there.get(10, TimeUnit.SECONDS)).isEqualTo(span.context());
    Executor same = Runnable::run;
    assertThat(Tracing.OFF.carrying(same)).isSameAs(same);
  }

  @Test
  void aFailureHasItsType() {
    tracing.begin(Kind.CONSUMER, "work", CALLER).failed("TIMEOUT").end();
    SpanData span = spans.ended().getFirst();
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(RecordedSpans.text(span, "error.type")).isEqualTo("TIMEOUT");
  }

  @Test
  void aDisabledSdkIsOff() {
    Tracing off = OpenTelemetryTracing.of(OpenTelemetry.noop());
    assertThat(off).isSameAs(Tracing.OFF);
    assertThat(off.isOn()).isFalse();
    Span span = off.begin(Kind.CONSUMER, "work", CALLER);
    assertThat(span).isSameAs(Span.NONE);
    try (Span.Scope _ = span.enter()) {
      assertThat(off.current()).isSameAs(TraceContext.NONE);
      assertThat(span.with("a", "b").with("c", 1).failed("X").context())
          .isSameAs(TraceContext.NONE);
    }
    span.end();
  }
}
