package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Problem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "%2",
        "%zz",
        "%2g",
        "%-1",
        "%２０",
        "a%",
        "%00",
        "%C0%AF",
        "%E0%80%AF",
        "%F0%80%80%AF",
        "%C0%80",
        "%ED%A0%80",
        "%F4%90%80%80",
        "%FF",
        "%C3",
        "%C3a%BC",
        "%80",
        "é",
        " ",
        "\"",
        "<",
        "\\",
        "|",
        "^",
        "`",
        "{",
        "\u0001",
        "\u007f"
      })
  void whatIsNoPercentEncodedUtf8IsMalformed(String text) {
    assertMalformed("/cache/" + text, Optional.empty());
    assertMalformed("/cache", Optional.of("a=" + text));
  }

  @Test
  void delimitersArePlain() {
    assertThatNoException()
        .isThrownBy(
            () ->
                RequestTarget.check("/a/b;c=d/~_-.!$&'()*+,;=:@", Optional.of("a=b&c[]=d/?:@,;")));
  }

  /// Whatever is text can be asked for.
  @Property
  void allTextCanBeEncoded(@ForAll String text) {
    boolean text16 = StandardCharsets.UTF_16BE.newEncoder().canEncode(text);
    if (!text16 || text.indexOf('\0') >= 0) {
      return;
    }
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);
    assertThatNoException()
        .isThrownBy(() -> RequestTarget.check("/" + encoded, Optional.of(encoded)));
  }

  private static void assertMalformed(String path, Optional<String> query) {
    assertThatThrownBy(() -> RequestTarget.check(path, query))
        .isInstanceOfSatisfying(
            Problem.class, p -> Assertions.assertThat(p.kind()).isEqualTo(Problem.Kind.MALFORMED));
  }
}
