package io.soilhub.scalability.telemetry.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";

  @Test
  void aTraceparentIsKeptWithItsIds() {
    TraceContext context = TraceContext.of(PARENT, "vendor=value,other=2");
    assertThat(context).isEqualTo(new TraceContext(PARENT, "vendor=value,other=2"));
    assertThat(context.traceId()).isEqualTo(TRACE);
    assertThat(context.spanId()).isEqualTo(SPAN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
      })
  void whatIsMalformedIsNone(String traceparent) {
    TraceContext context = TraceContext.of(traceparent, "vendor=value");
    assertThat(context).isSameAs(TraceContext.NONE);
    assertThat(context.traceId()).isEmpty();
    assertThat(context.spanId()).isEmpty();
  }

  @Test
  void ofALaterVersionThePartIsTakenThatAllHaveInCommon() {
    String later = "cc" + PARENT.substring(2);
    assertThat(TraceContext.of(later, null).traceparent()).isEqualTo(PARENT);
    assertThat(TraceContext.of(later + "-more", null).traceparent()).isEqualTo(PARENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=\0", "a=\u00e4", "a=\nb"})
  void aTracestateThatIsNotPrintableIsLeftOut(String tracestate) {
    assertThat(TraceContext.of(PARENT, tracestate)).isEqualTo(new TraceContext(PARENT, ""));
  }

  @Test
  void aTracestateThatIsTooLongIsLeftOut() {
    String longest = "a=" + "x".repeat(510);
    assertThat(TraceContext.of(PARENT, longest).tracestate()).isEqualTo(longest);
    assertThat(TraceContext.of(PARENT, longest + "x").tracestate()).isEmpty();
  }

  @Test
  void nothingElseCanBeMade() {
    assertThat(TraceContext.of(null, "vendor=value").isNone()).isTrue();
    assertThatThrownBy(() -> new TraceContext("nonsense", ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TraceContext("", "vendor=value"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
