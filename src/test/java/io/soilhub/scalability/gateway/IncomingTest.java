package io.soilhub.scalability.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.Problem;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IncomingTest {

  @ParameterizedTest
  @ValueSource(strings = {"Via", "Upgrade", "Host", "X-Custom", "X-Forwarded-For"})
  void noFieldMayHaveControlCharacters(String name) {
    for (String value : List.of("a\rb", "a\nb", "a\0b", "a\u007fb", "a\u0100b")) {
      assertThatThrownBy(() -> incoming(name, value).check())
          .as(name)
          .isInstanceOfSatisfying(
              Problem.class, p -> assertThat(p.type()).isEqualTo("malformed-request"));
    }
    assertThatCode(() -> incoming(name, "1.1 a").check()).doesNotThrowAnyException();
  }

  private static Incoming incoming(String name, String value) {
    return new Incoming("GET", "s", "/", List.of(new Field(name, value)));
  }
}
