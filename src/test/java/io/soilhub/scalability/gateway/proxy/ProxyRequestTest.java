package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyRequestTest {

  @ParameterizedTest
  @ValueSource(strings = {"Via", "Upgrade", "Host", "X-Custom", "X-Forwarded-For"})
  void noFieldMayHaveControlCharacters(String name) {
    for (String value : List.of("a\rb", "a\nb", "a\0b", "a\u007fb", "a\u0100b")) {
      assertThatThrownBy(() -> request(new Field(name, value)))
          .as(name)
          .isInstanceOfSatisfying(
              Problem.class, p -> assertThat(p.type()).isEqualTo("malformed-request"));
    }
    assertThatCode(() -> request(new Field(name, "1.1 a"))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "/gateway/s, s, /",
    "/gateway/s/, s, /",
    "/gateway/s/a/b, s, /a/b",
    "/gateway/s/a.b/..c/%2fd, s, /a.b/..c/%2fd",
    "/gateway/s//, s, //",
  })
  void thePathNamesTheServiceAndTheTarget(String path, String service, String target) {
    assertThat(request(path, Optional.empty()).service()).isEqualTo(service);
    assertThat(request(path, Optional.empty()).target()).isEqualTo(target);
    assertThat(request(path, Optional.of("q=../x?y")).target()).isEqualTo(target + "?q=../x?y");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/gateway/s/..",
        "/gateway/s/./a",
        "/gateway/s/a/%2E%2e/b",
        "/gateway/s/a%2f../b",
        "/gateway/s/..;x/b",
        "/gateway/s/a b",
        "/gateway/s/\u00e4",
      })
  void noPathMayHaveDotSegmentsOrInvisibleCharacters(String path) {
    assertThatThrownBy(() -> request(path, Optional.empty()))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.type()).isEqualTo("malformed-request"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/gateway", "/gateway/", "/other/s", "*"})
  void otherPathsAreNotFound(String path) {
    assertThatThrownBy(() -> request(path, Optional.empty()))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.NOT_FOUND));
  }

  @Test
  void aQueryWithControlCharactersIsRefused() {
    assertThatThrownBy(() -> request("/gateway/s/", Optional.of("a b")))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.MALFORMED));
  }

  @Test
  void theLengthIsTheDeclaredOne() {
    assertThat(request().length()).isZero();
    assertThat(request(new Field("content-length", "17")).length()).isEqualTo(17);
    assertThat(request(new Field("Transfer-Encoding", "Chunked")).length()).isEqualTo(Body.UNKNOWN);
  }

  @Test
  void aBodyIsDecodedByAFrontEndThatDecodesAndInACodingThatItKnows() {
    Field gzip = new Field("Content-Encoding", " GZIP ");
    assertThat(coded(true, gzip).isDecoded()).isTrue();
    assertThat(coded(false, gzip).isDecoded()).isFalse();
    assertThat(coded(true, new Field("Content-Encoding", "br")).isDecoded()).isFalse();
    assertThat(coded(true).isDecoded()).isFalse();
  }

  @Test
  void aBodyEncodedTwiceIsRefusedWhereOneLayerIsDecoded() {
    Field twice = new Field("Content-Encoding", "br, gzip");
    assertThatThrownBy(() -> coded(true, twice))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.type()).isEqualTo("coding-not-forwarded"));
    assertThatCode(() -> coded(false, twice)).doesNotThrowAnyException();
    assertThatCode(() -> coded(true, new Field("Content-Encoding", "gzip, br")))
        .doesNotThrowAnyException();
  }

  private static ProxyRequest request(Field... headers) {
    return coded(false, headers);
  }

  private static ProxyRequest coded(boolean decodesBody, Field... headers) {
    return new ProxyRequest(
        "id",
        "GET",
        "/gateway/s/",
        Optional.empty(),
        List.of(headers),
        new ProxyRequest.Origin("127.0.0.1", "shop.example", "http"),
        Set.of(),
        decodesBody);
  }

  private static ProxyRequest request(String path, Optional<String> query) {
    return new ProxyRequest(
        "id",
        "GET",
        path,
        query,
        List.of(),
        new ProxyRequest.Origin("127.0.0.1", "shop.example", "http"),
        Set.of(),
        false);
  }
}
