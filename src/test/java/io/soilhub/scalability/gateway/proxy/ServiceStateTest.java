package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServiceStateTest {

  private static final long SECOND = 1_000_000_000L;
  private long now = 7;
  private final ServiceState.Book book = new ServiceState.Book(() -> now);

  @Test
  void nothingIsKeptOfAServiceThatIsGone() {
    ServiceState stays = book.of("stays");
    book.of("goes");
    book.keep("stays"::equals);
    assertThat(book.size()).isEqualTo(1);
    assertThat(book.of("stays")).isSameAs(stays);
  }

  @Test
  void oneLineASecondIsLoggedWithHowManyWereLeftOut() {
    ServiceState serviceState = book.of("s");
    assertThat(serviceState.line("a")).contains("a");
    assertThat(serviceState.line("b")).isEmpty();
    assertThat(serviceState.line("c")).isEmpty();
    now += SECOND;
    assertThat(serviceState.line("d")).contains("d (and 2 more before)");
    now += SECOND;
    assertThat(serviceState.line("e")).contains("e");
    assertThat(book.of("other").line("f")).contains("f");
  }

  @Test
  void whatAnInstanceSentCannotSpeakToATerminal() {
    assertThat(book.of("s").line("a\u001b[31m\r\nb")).contains("a?[31m??b");
  }

  @Test
  void theUsualLatencyIsThatOfNineteenInTwenty() {
    LatencyEstimate usual = book.of("s").usual;
    for (int i = 1; i < 64; i++) {
      usual.observe(i);
      assertThat(usual.p95()).as("too few yet").isEmpty();
    }
    for (int i = 64; i <= 10_000; i++) {
      usual.observe(i % 100);
    }
    assertThat(usual.p95().orElseThrow()).isBetween(91L, 97L);
    for (int i = 0; i < 256; i++) {
      usual.observe(7);
    }
    assertThat(usual.p95()).hasValue(7);
  }
}
