package io.soilhub.scalability.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {

  /// RFC 3986, appendix A, as far as it can be an expression.
  private static final String UNRESERVED = "[A-Za-z0-9._~-]";

  private static final String PCT = "%[0-9A-Fa-f]{2}";
  private static final String SUB = "[!$&'()*+,;=]";
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "(?:(?<user>(?:%1$s|%2$s|%3$s|:)*)@)?(?<host>\\[(?:%1$s|%3$s|:)*]|(?:%1$s|%2$s|%3$s)*)(?::(?<port>[0-9]*))?"
              .formatted(UNRESERVED, PCT, SUB));

  @ParameterizedTest
  @CsvSource({
    "api.example, api.example, -1",
    "API.example:, API.example, -1",
    "api.example:0, api.example, 0",
    "a_b-c.example.:65535, a_b-c.example., 65535",
    "127.0.0.1:8000, 127.0.0.1, 8000",
    "[::1], [::1], -1",
    "[2001:DB8::1]:80, [2001:DB8::1], 80",
    "[::ffff:1.2.3.4]:80, [::ffff:1.2.3.4], 80",
  })
  void aHostMayHaveAPort(String text, String host, int port) {
    assertThat(Authority.parse(text)).contains(new Authority(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "api.example:80@evil.example",
        "user@evil.example",
        "api.example:65536",
        "api.example:-1",
        "api.example:+1",
        "api.example:80:80",
        "api.example:８０",
        "a,b",
        "a;host=b",
        "a\"b",
        "a%00b",
        "a/b",
        "a\\b",
        "a b",
        " a",
        "::1",
        "[::1",
        "[]",
        "[:]",
        "[::1]x",
        "[1.2.3.4]",
        "[fe80::1%eth0]",
        "[v1.a]",
        "größe.example"
      })
  void anythingElseIsRefused(String text) {
    assertThat(Authority.parse(text)).isEmpty();
  }

  /// What is taken is what RFC 3986 reads in the same text: the same host, the same port, and no
  /// user.
  @Property(tries = 20_000)
  void nothingIsReadDifferently(@ForAll("almostAuthorities") String text) {
    Optional<Authority> read = Authority.parse(text);
    if (read.isEmpty()) {
      return;
    }
    Matcher grammar = GRAMMAR.matcher(text);
    assertThat(grammar.matches()).isTrue();
    assertThat(grammar.group("user")).isNull();
    assertThat(grammar.group("host")).isEqualTo(read.get().host());
    String port = grammar.group("port");
    assertThat(read.get().port())
        .isEqualTo(port == null || port.isEmpty() ? Authority.NO_PORT : Integer.parseInt(port));
    assertThat(Authority.parse(read.get().toString())).isEqualTo(read);
  }

  @Property
  void everyNameWithAPortIsTaken(@ForAll("names") String name, @ForAll("ports") int port) {
    assertThat(Authority.parse(name + ":" + port)).contains(new Authority(name, port));
  }

  @Provide
  Arbitrary<String> almostAuthorities() {
    Arbitrary<String> part =
        Arbitraries.of(
            "api",
            ".example",
            "evil",
            "@",
            ":",
            "80",
            "65536",
            "0",
            "[",
            "]",
            "::1",
            "%2e",
            "%",
            ",",
            ";",
            "=",
            "/",
            "?",
            "#",
            "\\",
            "\"",
            " ",
            "\t",
            "\r",
            "\n",
            "\0",
            "é",
            "-",
            "_",
            "~",
            "127.0.0.1",
            "user",
            "$");
    return part.list().ofMinSize(1).ofMaxSize(6).map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('A', 'Z')
        .numeric()
        .withChars('.', '-')
        .ofMinLength(1)
        .ofMaxLength(255);
  }

  @Provide
  Arbitrary<Integer> ports() {
    return Arbitraries.integers().between(0, 65_535);
  }
}
