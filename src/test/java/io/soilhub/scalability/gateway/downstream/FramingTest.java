package io.soilhub.scalability.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {

  private static final List<String> NONE = List.of();

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"})
  void aRequestThatShowsNoLengthMayHideOne(String method) {
    assertThat(Framing.isDoubtful(method, NONE, NONE)).isTrue();
    assertThat(Framing.isDoubtful(method, List.of("0"), NONE)).isFalse();
    assertThat(Framing.isDoubtful(method, NONE, List.of("Chunked"))).isFalse();
  }

  @Test
  void readingUsuallyHasNoBody() {
    assertThat(Framing.isDoubtful("GET", NONE, NONE)).isFalse();
    assertThat(Framing.isDoubtful("HEAD", NONE, NONE)).isFalse();
  }

  @Test
  void whatTwoParsersCouldReadInTwoWaysIsDoubtfulWithAnyMethod() {
    assertThat(Framing.isDoubtful("GET", List.of("5", "5"), NONE)).isTrue();
    assertThat(Framing.isDoubtful("GET", List.of("5"), List.of("chunked"))).isTrue();
    assertThat(Framing.isDoubtful("GET", List.of("+5"), NONE)).isTrue();
    assertThat(Framing.isDoubtful("GET", NONE, List.of("gzip, chunked"))).isTrue();
  }
}
