package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServiceStateTest {

  private static final long SECOND = 1_000_000_000L;
  private long now = 7;
  private final ServiceStates states = new ServiceStates(() -> now);

  @Test
  void nothingIsKeptOfAServiceThatIsGone() {
    ServiceState stays = states.of("stays");
    states.of("goes");
    states.retain("stays"::equals);
    assertThat(states.size()).isEqualTo(1);
    assertThat(states.of("stays")).isSameAs(stays);
  }

  @Test
  void oneLineASecondIsLoggedWithHowManyWereLeftOut() {
    ServiceState state = states.of("s");
    assertThat(state.line("a")).contains("a");
    assertThat(state.line("b")).isEmpty();
    assertThat(state.line("c")).isEmpty();
    now += SECOND;
    assertThat(state.line("d")).contains("d (and 2 more before)");
    now += SECOND;
    assertThat(state.line("e")).contains("e");
    assertThat(states.of("other").line("f")).contains("f");
  }

  @Test
  void whatAnInstanceSentCannotSpeakToATerminal() {
    assertThat(states.of("s").line("a\u001b[31m\r\nb")).contains("a?[31m??b");
  }

  @Test
  void theEstimateIsThatOfNineteenInTwenty() {
    LatencyEstimate latency = states.of("s").latency;
    for (int i = 1; i < 64; i++) {
      latency.observe(i);
      assertThat(latency.p95()).as("too few yet").isEmpty();
    }
    for (int i = 64; i <= 10_000; i++) {
      latency.observe(i % 100);
    }
    assertThat(latency.p95().orElseThrow()).isBetween(91L, 97L);
    for (int i = 0; i < 256; i++) {
      latency.observe(7);
    }
    assertThat(latency.p95()).hasValue(7);
  }
}
