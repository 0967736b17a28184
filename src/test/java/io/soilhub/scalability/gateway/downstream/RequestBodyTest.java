package io.soilhub.scalability.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies of requests; `~` stands for CR LF.
class RequestBodyTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final SessionInputBufferImpl buffer = new SessionInputBufferImpl(64);

  @Test
  void whoWaitsIsToldToSendWhenTheBodyIsFirstRead() throws IOException {
    RequestBody body = body("abc", 3, true);
    assertThat(out.size()).isZero();
    assertThat(body.readAllBytes()).hasSize(3);
    assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
  }

  @Test
  void itHasEndedWithItsLastByteOrItsLastChunk() throws IOException {
    RequestBody none = body("", 0, false);
    assertThat(none.ended()).isTrue();
    RequestBody three = body("abcdef", 3, false);
    assertThat(three.readNBytes(2)).hasSize(2);
    assertThat(three.ended()).isFalse();
    assertThat(three.read()).isEqualTo('c');
    assertThat(three.ended()).isTrue();
    assertThat(three.read()).isEqualTo(-1);
  }

  @Test
  void chunksEndWithTheLastOne() throws IOException {
    RequestBody body = chunks("3;x=y~abc~2 ~de~0~X-Trailer: +5~~");
    assertThat(new String(body.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("abcde");
    assertThat(body.ended()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+3~abc~0~~",
        "-3~abc~0~~",
        "0x3~abc~0~~",
        " 3~abc~0~~",
        "3g~abc~0~~",
        "3\nabc~0~~",
        "3~abcd~0~~",
        "3~abc\n0~~",
        "~3~abc~0~~",
        "0000000000000003~abc~0~~",
        "3~abc~",
        "3~ab",
      })
  void chunksOfDoubtfulFormAreRefused(String text) {
    RequestBody body = chunks(text);
    assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
    assertThat(body.ended()).isFalse();
  }

  @Test
  void theLineOfAChunkIsBounded() {
    RequestBody body = chunks("3;" + "x".repeat(20_000) + "~abc~0~~");
    assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
  }

  private RequestBody body(String text, long length, boolean awaited) {
    InputStream in = new ContentLengthInputStream(buffer, bytes(text), length);
    return new RequestBody(in, length, out, awaited);
  }

  private RequestBody chunks(String text) {
    InputStream in = new ChunkedInputStream(StrictLineReader.ofChunks(buffer), bytes(text));
    return new RequestBody(in, -1, out, false);
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(
        text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }
}
