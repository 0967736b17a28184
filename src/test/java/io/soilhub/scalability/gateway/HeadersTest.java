package io.soilhub.scalability.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.gateway.Headers.Field;
import io.soilhub.scalability.gateway.Headers.Origin;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeadersTest {

  private static final Origin PEER = new Origin("10.0.0.9", "shop.example", "http", false);
  private static final Origin PROXY = new Origin("10.0.0.9", "shop.example", "http", true);

  @Test
  void whatIsOfOneHopStaysThere() {
    List<Field> fields =
        List.of(
            new Field("Connection", "close, X-Own"),
            new Field("X-Own", "1"),
            new Field("Keep-Alive", "5"),
            new Field("TE", "trailers"),
            new Field("Transfer-Encoding", "chunked"),
            new Field("Proxy-Authorization", "x"),
            new Field("Upgrade", "h2c"),
            new Field("HTTP2-Settings", "x"),
            new Field("Accept", "*/*"));
    assertThat(names(Headers.toInstance(fields, PEER, Set.of(), "id")))
        .containsExactly(
            "Accept",
            "X-Forwarded-For",
            "Forwarded",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "Via",
            "X-Request-Id");
    assertThat(names(Headers.toCaller(fields, "a")))
        .containsExactly("Accept", "Via", "X-Instance-Id");
  }

  @Test
  void nothingIsSaidOfAPackedBodyThatIsUnpackedNow() {
    List<Field> fields =
        List.of(
            new Field("CONTENT-Encoding", "gzip"),
            new Field("Content-Digest", "sha-256=:x:"),
            new Field("Content-Type", "text/csv"));
    assertThat(names(Headers.unpacked(fields))).containsExactly("Content-Type");
  }

  @Test
  void whoClaimsToForwardIsBelievedOnlyWhenTrusted() {
    List<Field> fields =
        List.of(
            new Field("X-Forwarded-For", "1.2.3.4"),
            new Field("Forwarded", "for=1.2.3.4"),
            new Field("X-Forwarded-Proto", "https"));
    assertThat(Headers.toInstance(fields, PEER, Set.of(), "id"))
        .contains(
            new Field("X-Forwarded-For", "10.0.0.9"),
            new Field("Forwarded", "for=10.0.0.9;host=\"shop.example\";proto=http"),
            new Field("X-Forwarded-Proto", "http"))
        .doesNotContain(new Field("X-Forwarded-Proto", "https"));
    assertThat(Headers.toInstance(fields, PROXY, Set.of(), "id"))
        .contains(
            new Field("X-Forwarded-For", "1.2.3.4, 10.0.0.9"),
            new Field("X-Forwarded-Proto", "https"))
        .doesNotContain(new Field("X-Forwarded-Proto", "http"));
  }

  @Test
  void credentialsForUsGoNoFurther() {
    List<Field> fields =
        List.of(new Field("X-API-Key", "k"), new Field("Authorization", "Bearer t"));
    assertThat(names(Headers.toInstance(fields, PEER, Set.of("x-api-key"), "id")))
        .contains("Authorization")
        .doesNotContain("X-API-Key");
  }

  @Test
  void anAddressOfVersionSixIsQuoted() {
    Origin six = new Origin("::1", "x", "http", false);
    assertThat(Headers.toInstance(List.of(), six, Set.of(), "id"))
        .contains(new Field("Forwarded", "for=\"[::1]\";host=\"x\";proto=http"));
  }

  private static List<String> names(List<Field> fields) {
    return fields.stream().map(Field::name).toList();
  }
}
