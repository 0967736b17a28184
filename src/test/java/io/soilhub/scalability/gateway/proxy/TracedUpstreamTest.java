package io.soilhub.scalability.gateway.proxy;

import static io.soilhub.scalability.telemetry.tracing.RecordedSpans.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.telemetry.tracing.RecordedSpans;
import io.soilhub.scalability.telemetry.tracing.Span;
import io.soilhub.scalability.telemetry.tracing.TraceContext;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The spans of attempts at an instance that does what the test says.
class TracedUpstreamTest {

  private static final InstanceSpec TARGET =
      new InstanceSpec("a-1", "soils", "soils.example", 8080, "/health", 1, "", "");
  private static final TraceContext CALLER =
      TraceContext.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=value");

  private final Deadlines deadlines = new Deadlines(() -> 1);
  private final RecordedSpans spans = new RecordedSpans();
  private List<Field> sent = List.of();
  private String method = "PUT";

  @AfterEach
  void close() {
    spans.close();
  }

  @Test
  void theInstanceGetsTheTrysPlaceInTheTraceInsteadOfTheCallers() throws IOException {
    Upstream.Response response = send(ScriptedResponse.of(200));
    assertThat(spans.ended()).isEmpty();
    response.close();
    SpanData span = spans.ended().getFirst();
    assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(span.getName()).isEqualTo("PUT");
    assertThat(span.getParentSpanId()).isEqualTo(CALLER.spanId());
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(text(span, "http.request.method")).isEqualTo("PUT");
    assertThat(text(span, "server.address")).isEqualTo("soils.example");
    assertThat(text(span, "server.port")).isEqualTo("8080");
    assertThat(text(span, "soilhub.service")).isEqualTo("soils");
    assertThat(text(span, "soilhub.instance.id")).isEqualTo("a-1");
    assertThat(text(span, "http.response.status_code")).isEqualTo("200");
    String parent = "00-%s-%s-01".formatted(CALLER.traceId(), span.getSpanId());
    assertThat(sent)
        .containsExactly(
            new Field("Accept", "*/*"),
            new Field("traceparent", parent),
            new Field("tracestate", "vendor=value"));
  }

  @Test
  void aTryLiesBelowTheRequestThatTheThreadWorksOn() throws IOException {
    Span request = spans.tracing().begin(Tracing.Kind.SERVER, "request", CALLER);
    try (Span.Scope _ = request.enter()) {
      send(ScriptedResponse.of(503)).close();
    }
    SpanData span = spans.ended().getFirst();
    assertThat(span.getParentSpanId()).isEqualTo(request.context().spanId());
    assertThat(span.getTraceId()).isEqualTo(CALLER.traceId());
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(text(span, "error.type")).isEqualTo("503");
  }

  @Test
  void aMethodThatACallerMadeUpNamesNoSpan() throws IOException {
    method = "BREW";
    send(ScriptedResponse.of(404)).close();
    SpanData span = spans.ended().getFirst();
    assertThat(span.getName()).isEqualTo("HTTP");
    assertThat(text(span, "http.request.method")).isEqualTo("_OTHER");
    assertThat(text(span, "error.type")).isEqualTo("404");
  }

  @Test
  void whatGoesWrongIsTold() {
    for (IOException failure :
        List.of(
            new UpstreamFailure(UpstreamFailure.Kind.LATE, new IOException("on purpose")),
            new ClientDisconnected(new IOException("on purpose")))) {
      assertThatThrownBy(() -> send(failure)).isSameAs(failure);
    }
    assertThatThrownBy(() -> send(new IllegalStateException("on purpose")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(spans.ended())
        .extracting(span -> text(span, "error.type"))
        .containsExactly("late", "caller_gone", "java.lang.IllegalStateException");
  }

  @Test
  void anAnswerThatBreaksOffHasFailed() throws IOException {
    Upstream.Response response = send(ScriptedResponse.broken(200));
    assertThatThrownBy(() -> response.body().read(new byte[9])).hasMessage("reset");
    response.close();
    assertThat(text(spans.ended().getFirst(), "error.type")).isEqualTo("broken");
  }

  @Test
  void withTracingOffNothingStandsBetween() {
    Upstream plain = (_, _, _, _) -> ScriptedResponse.of(200);
    assertThat(TracedUpstream.of(plain, Tracing.OFF)).isSameAs(plain);
  }

  @Test
  void aTraceThatIsNamedTwiceIsNone() {
    Field parent = new Field("TraceParent", CALLER.traceparent());
    Field one = new Field("tracestate", "a=1");
    Field two = new Field("Tracestate", "b=2");
    assertThat(Headers.trace(List.of(one, parent, two)))
        .isEqualTo(TraceContext.of(CALLER.traceparent(), "a=1,b=2"));
    assertThat(Headers.trace(List.of(parent, parent)).isNone()).isTrue();
    assertThat(Headers.trace(List.of(one)).isNone()).isTrue();
  }

  private Upstream.Response send(Object outcome) throws IOException {
    Deadlines.Deadline deadline = deadlines.in(10_000);
    Upstream scripted =
        (_, request, _, _) -> {
          sent = request.headers();
          return switch (outcome) {
            case Upstream.Response response -> response;
            case UpstreamFailure fault -> throw fault;
            case ClientDisconnected gone -> throw gone;
            default -> throw (RuntimeException) outcome;
          };
        };
    List<Field> fields =
        List.of(
            new Field("Traceparent", CALLER.traceparent()),
            new Field("Accept", "*/*"),
            new Field("TRACESTATE", CALLER.tracestate()));
    Body body = new Body(new ByteArrayInputStream(new byte[0]), 0, Long.MAX_VALUE, deadline);
    return TracedUpstream.of(scripted, spans.tracing())
        .send(TARGET, new Upstream.Request(method, "/", fields, body), 1000, deadline.within(1000));
  }
}
