package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeadersTest {

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
    assertThat(names(toInstance(fields, false, Set.of(), "id")))
        .containsExactly(
            "Accept",
            "X-Forwarded-For",
            "Forwarded",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "Via",
            "X-Request-Id");
    assertThat(names(Headers.toClient(fields, "a")))
        .containsExactly("Accept", "Via", "X-Instance-Id");
  }

  @Test
  void nothingIsSaidOfAnEncodedBodyThatIsDecodedNow() {
    List<Field> fields =
        List.of(
            new Field("CONTENT-Encoding", "gzip"),
            new Field("Content-Digest", "sha-256=:x:"),
            new Field("Content-Type", "text/csv"));
    assertThat(names(Headers.decoded(fields))).containsExactly("Content-Type");
  }

  @Test
  void whatOnlyAProxyMayClaimIsLeftOutOfWhatOthersSend() {
    List<Field> fields =
        List.of(
            new Field("X-Forwarded-For", "1.2.3.4"),
            new Field("X-Forwarded-Port", "443"),
            new Field("X-Real-IP", "1.2.3.4"));
    assertThat(toInstance(fields, false, Set.of(), "id"))
        .contains(new Field("X-Forwarded-For", "10.0.0.9"))
        .doesNotContain(new Field("X-Real-IP", "1.2.3.4"), new Field("X-Forwarded-Port", "443"));
    assertThat(toInstance(fields, true, Set.of(), "id"))
        .contains(
            new Field("X-Forwarded-For", "1.2.3.4, 10.0.0.9"),
            new Field("X-Real-IP", "1.2.3.4"),
            new Field("X-Forwarded-Port", "443"));
  }

  @Test
  void credentialsForUsGoNoFurther() {
    List<Field> fields =
        List.of(new Field("X-API-Key", "k"), new Field("Authorization", "Bearer t"));
    assertThat(names(toInstance(fields, false, Set.of("x-api-key"), "id")))
        .contains("Authorization")
        .doesNotContain("X-API-Key");
  }

  private static List<Field> toInstance(
      List<Field> fields, boolean trusted, Set<String> secret, String id) {
    ProxyRequest.Origin origin = new ProxyRequest.Origin("10.0.0.9", "shop.example", "http");
    return Headers.toInstance(
        fields, ForwardedHeaders.of(fields, origin, _ -> trusted), secret, id);
  }

  private static List<String> names(List<Field> fields) {
    return fields.stream().map(Field::name).toList();
  }
}
