package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Peer 10.0.0.9 and the hop 10.0.0.8 are trusted proxies.
class ForwardedHeadersTest {

  private static final Predicate<InetAddress> TRUSTED =
      address -> Set.of("10.0.0.9", "10.0.0.8").contains(address.getHostAddress());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Forwarded-For | 1.2.3.4 | 1.2.3.4",
        "X-Forwarded-For | 1.2.3.4:4711 | 1.2.3.4",
        "X-Forwarded-For | 9.9.9.9, 1.2.3.4 | 1.2.3.4",
        "X-Forwarded-For | 9.9.9.9, 1.2.3.4, 10.0.0.8 | 1.2.3.4",
        "X-Forwarded-For | 10.0.0.8 | 10.0.0.8",
        "X-Forwarded-For | [2001:db8::1]:80 | 2001:db8::1",
        "X-Forwarded-For | 2001:db8::1 | 2001:db8::1",
        "X-Forwarded-For | unknown | 10.0.0.9",
        "X-Forwarded-For | ,  , | 10.0.0.9",
        "X-Forwarded-For | <script> | 10.0.0.9",
        "Forwarded | for=1.2.3.4 | 1.2.3.4",
        "Forwarded | For=\"[2001:db8::1]:4711\";proto=https | 2001:db8::1",
        "Forwarded | for=9.9.9.9, for=1.2.3.4;by=10.0.0.8, for=10.0.0.8 | 1.2.3.4",
        "Forwarded | for=_hidden | _hidden",
        "Forwarded | for=\"1.2.3.4 | 10.0.0.9",
        "Forwarded | for=\"a\\\"b\", for=1.2.3.4 | 1.2.3.4",
      })
  void theClientIsTheLastOneThatIsNoProxy(String name, String value, String client) {
    List<Field> fields = List.of(new Field(name, value));
    assertThat(seen(fields, "10.0.0.9").client()).isEqualTo(client);
    assertThat(seen(fields, "10.0.0.10").client()).as("an untrusted peer").isEqualTo("10.0.0.10");
  }

  @Test
  void whoIsNotTrustedIsNotContinued() {
    List<Field> fields =
        List.of(
            new Field("X-Forwarded-For", "1.2.3.4"),
            new Field("Forwarded", "for=1.2.3.4"),
            new Field("X-Forwarded-Host", "evil.example"),
            new Field("X-Forwarded-Proto", "https"));
    assertThat(seen(fields, "10.0.0.10").fields())
        .containsExactly(
            new Field("X-Forwarded-For", "10.0.0.10"),
            new Field("Forwarded", "for=10.0.0.10;host=\"shop.example\";proto=http"),
            new Field("X-Forwarded-Host", "shop.example"),
            new Field("X-Forwarded-Proto", "http"));
  }

  @Test
  void whatATrustedProxySaysIsContinued() {
    List<Field> fields =
        List.of(
            new Field("Forwarded", "for=1.2.3.4;host=\"shop.example:443\";proto=https"),
            new Field("Forwarded", "for=\"[2001:db8::1]:80\""),
            new Field("X-Forwarded-For", "1.2.3.4"),
            new Field("X-Forwarded-For", "2001:db8::1"),
            new Field("X-Forwarded-Proto", "HTTPS, http"),
            new Field("X-Forwarded-Proto", "http"));
    assertThat(seen(fields, "10.0.0.9").fields())
        .containsExactly(
            new Field("X-Forwarded-For", "1.2.3.4, 2001:db8::1, 10.0.0.9"),
            new Field(
                "Forwarded",
                "for=1.2.3.4;host=\"shop.example:443\";proto=https, for=\"[2001:db8::1]:80\","
                    + " for=10.0.0.9;host=\"shop.example\";proto=http"),
            new Field("X-Forwarded-Host", "shop.example:443"),
            new Field("X-Forwarded-Proto", "https"));
  }

  @Test
  void oneKindOfFieldsIsMadeOfTheOther() {
    assertThat(
            seen(List.of(new Field("X-Forwarded-For", "2001:db8::1, 1.2.3.4")), "10.0.0.9")
                .fields())
        .contains(
            new Field(
                "Forwarded",
                "for=\"[2001:db8::1]\", for=1.2.3.4,"
                    + " for=10.0.0.9;host=\"shop.example\";proto=http"));
    assertThat(
            seen(List.of(new Field("Forwarded", "for=\"[2001:db8::1]:80\";by=_x")), "10.0.0.9")
                .fields())
        .contains(new Field("X-Forwarded-For", "2001:db8::1, 10.0.0.9"));
  }

  @Test
  void whatIsNoHostAndNoSchemeIsNotContinued() {
    List<Field> fields =
        List.of(
            new Field("X-Forwarded-Host", "a\"b c"), new Field("X-Forwarded-Proto", "java script"));
    assertThat(seen(fields, "10.0.0.9").fields())
        .contains(
            new Field("X-Forwarded-Host", "shop.example"), new Field("X-Forwarded-Proto", "http"));
  }

  @Test
  void anAddressOfVersionSixIsQuotedWithoutItsZone() {
    assertThat(seen(List.of(), "fe80:0:0:0:0:0:0:1%eth0").fields())
        .contains(
            new Field("X-Forwarded-For", "fe80:0:0:0:0:0:0:1"),
            new Field(
                "Forwarded", "for=\"[fe80:0:0:0:0:0:0:1]\";host=\"shop.example\";proto=http"));
  }

  private static ForwardedHeaders seen(List<Field> fields, String peer) {
    return ForwardedHeaders.of(
        fields, new ProxyRequest.Origin(peer, "shop.example", "http"), TRUSTED);
  }
}
