package io.soilhub.scalability.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.gateway.proxy.Field;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Authority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How requests are read; `~` stands for CR LF.
class RequestHeadTest {

  @Test
  void isWhatWasSent() throws IOException {
    RequestHead head = read("POST /a%20b/c?q=1?2 HTTP/1.1~Host: x:80~X-A:  b \t~x-a: c~~rest");
    assertThat(head.method()).isEqualTo("POST");
    assertThat(head.path()).isEqualTo("/a%20b/c");
    assertThat(head.query()).contains("q=1?2");
    assertThat(head.sentTo()).contains(new Authority("x", 80));
    assertThat(head.fields())
        .containsExactly(new Field("Host", "x:80"), new Field("X-A", "b"), new Field("x-a", "c"));
    assertThat(head.requestLine()).isEqualTo("POST /a%20b/c?q=1?2 HTTP/1.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://a:1/b?c | a:1 | /b",
        "http://a | a | /",
        "http://a?x=/gateway/s | a | /",
        "http://[::1]:8/x | [::1]:8 | /x",
        "//a/b | host | //a/b",
        "/a?b=http://c/d | host | /a",
        "/http://c/d | host | /http://c/d",
        "HTTP://a/b | a | /b",
      })
  void anAbsoluteTargetNamesTheHost(String target, String host, String path) throws IOException {
    RequestHead head = read("GET " + target + " HTTP/1.1~Host: host~~");
    assertThat(head.sentTo()).isEqualTo(Authority.parse(host));
    assertThat(head.path()).isEqualTo(path);
  }

  @Test
  void someMethodsHaveOtherTargets() throws IOException {
    assertThat(read("OPTIONS * HTTP/1.1~Host: a~~").path()).isEqualTo("*");
    assertThat(read("CONNECT a:80 HTTP/1.1~Host: a~~").path()).isEqualTo("a:80");
  }

  @Test
  void onlyACallerOfHttp10MayCallUsNothing() throws IOException {
    RequestHead head = read("GET / HTTP/1.0~~");
    head.check();
    assertThat(head.sentTo()).isEmpty();
  }

  @Test
  void oneEmptyLineBeforeIsPassedOverAndTheEndIsTold() throws IOException {
    assertThat(read("~GET / HTTP/1.1~Host: a~~").path()).isEqualTo("/");
    assertThat(RequestHead.read(new SessionInputBufferImpl(100), bytes(""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "~~GET / HTTP/1.1~~",
        "GET / HTTP/1.1~Host: a",
        "GET / HTTP/1.1\nHost: a~~",
        "GET / HTTP/1.1~Host: a\r~~",
        "GET / HTTP/1.1~X: a\0b~~",
        "GET / HTTP/1.1~X: a~ folded~~",
        "GET / HTTP/1.1~\tX: a~~",
        "GET / HTTP/1.1~X : a~~",
        "GET / HTTP/1.1~Content-Length\u000b: 5~~",
        "GET / HTTP/1.1~: a~~",
        "GET / HTTP/1.1~no colon~~",
        "GET  / HTTP/1.1~~",
        "GET /  HTTP/1.1~~",
        "GET / HTTP/1.1 ~~",
        "GET / http/1.1~~",
        "GET / HTTP/2~~",
        "GET /~~",
        "G@T / HTTP/1.1~~",
        "GET /a\u007f HTTP/1.1~~",
        "GET /a#b HTTP/1.1~~",
        "GET x?a=http://host/gateway/s HTTP/1.1~~",
        "GET a://b HTTP/1.1~~",
        "GET 1http://a/b HTTP/1.1~~",
        "GET ?http://a/b HTTP/1.1~~",
        "GET http:/a HTTP/1.1~~",
        "GET https://a/b HTTP/1.1~~",
        "GET a:80 HTTP/1.1~~",
        "GET * HTTP/1.1~~",
        "GET https://a/ HTTP/1.1~Host: a~~",
        "GET ftp://a/ HTTP/1.1~Host: a~~",
      })
  void whatParsersReadDifferentlyIsRefused(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(StrictLineReader.MalformedLine.class);
  }

  @Test
  void isBounded() {
    String begin = "GET / HTTP/1.1~";
    for (String text :
        new String[] {
          begin + "X: " + "a".repeat(17_000) + "~~",
          begin + ("X: " + "a".repeat(10_000) + "~").repeat(7) + "~",
          begin + "X: a~".repeat(101) + "~",
          "GET /" + "a".repeat(70_000)
        }) {
      assertThatThrownBy(() -> read(text)).isInstanceOf(MessageConstraintException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 | | true",
        "HTTP/1.1 | Connection: X, CLOSE~ | false",
        "HTTP/1.0 | | false",
        "HTTP/1.0 | Connection: Keep-Alive~ | true",
        "HTTP/1.0 | Connection: keep-alive, close~ | false",
      })
  void theConnectionGoesOnAsTheCallerWants(String version, String field, boolean persistent)
      throws IOException {
    String fields = Optional.ofNullable(field).orElse("");
    RequestHead head = read("GET / " + version + "~Host: a~" + fields + "~");
    assertThat(head.isPersistent()).isEqualTo(persistent);
  }

  @Test
  void theEndOfTheBodyIsToldInOneWayOrInDoubt() throws IOException {
    assertThat(framing("")).isEqualTo(new RequestHead.Framing.Length(0));
    assertThat(framing("Content-Length: 7~")).isEqualTo(new RequestHead.Framing.Length(7));
    assertThat(framing("Transfer-Encoding: Chunked~")).isEqualTo(new RequestHead.Framing.Chunked());
    for (String doubtful :
        new String[] {
          "Content-Length: +7~",
          "Content-Length: 7~Content-Length: 7~",
          "Content-Length: 7, 7~",
          "Content-Length: 7~Transfer-Encoding: chunked~",
          "Transfer-Encoding: chunked~Transfer-Encoding: chunked~",
          "Transfer-Encoding: gzip, chunked~",
          "Content-Length: ~",
        }) {
      assertThat(framing(doubtful)).as(doubtful).isEqualTo(new RequestHead.Framing.Unknown());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1~~",
        "GET / HTTP/1.1~Host: a~Host: a~~",
        "POST / HTTP/1.0~Transfer-Encoding: chunked~~",
        "GET / HTTP/1.1~Host: good:@evil~~",
        "GET / HTTP/1.1~Host: api.example:80@evil.example~~",
        "GET http://a@evil.example/ HTTP/1.1~Host: a~~",
        "GET http://a/ HTTP/1.1~Host: a@evil.example~~",
        "GET / HTTP/1.1~Host: a b~~",
        "GET http:///x HTTP/1.1~Host: a~~",
      })
  void whatTheVersionDoesNotAllowIsRefused(String text) throws IOException {
    RequestHead head = read(text);
    assertThatThrownBy(head::check)
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.MALFORMED));
  }

  private static RequestHead.Framing framing(String fields) throws IOException {
    return read("POST / HTTP/1.1~Host: a~" + fields + "~").framing();
  }

  private static RequestHead read(String text) throws IOException {
    return RequestHead.read(new SessionInputBufferImpl(100), bytes(text)).orElseThrow();
  }

  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(
        text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }
}
