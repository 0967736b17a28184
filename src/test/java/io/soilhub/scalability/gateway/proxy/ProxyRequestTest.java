package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Problem;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyRequestTest {

  @ParameterizedTest
  @ValueSource(strings = {"Via", "Upgrade", "Host", "X-Custom", "X-Forwarded-For"})
  void noFieldMayHaveControlCharacters(String name) {
    for (String value : List.of("a\rb", "a\nb", "a\0b", "a\u007fb", "a\u0100b")) {
      assertThatThrownBy(() -> proxyRequest(name, value).check())
          .as(name)
          .isInstanceOfSatisfying(
              Problem.class, p -> assertThat(p.type()).isEqualTo("malformed-request"));
    }
    assertThatCode(() -> proxyRequest(name, "1.1 a").check()).doesNotThrowAnyException();
  }

  private static ProxyRequest proxyRequest(String name, String value) {
    return new ProxyRequest("GET", "s", "/", List.of(new Field(name, value)));
  }
}
