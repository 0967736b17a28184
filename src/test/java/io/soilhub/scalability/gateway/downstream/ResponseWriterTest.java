package io.soilhub.scalability.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.gateway.proxy.Field;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;
import org.junit.jupiter.api.Test;

/// Answers as they leave; `~` stands for CR LF.
class ResponseWriterTest {

  private final ByteArrayOutputStream socket = new ByteArrayOutputStream();

  @Test
  void aLengthThatIsKnownIsTold() throws IOException {
    ResponseWriter answer = answer(200, 3, false, false, false);
    assertThat(answer.begun()).isFalse();
    write(answer, "abc");
    assertThat(answer.begun()).isTrue();
    answer.end();
    assertThat(sent()).isEqualTo("HTTP/1.1 200 OK~X-A: b~X-Request-Id: id~Content-Length: 3~~abc");
    assertThat(answer.written()).isEqualTo(3);
    assertThat(answer.endsConnection()).isFalse();
  }

  @Test
  void oneThatIsNotGoesOutInChunks() throws IOException {
    ResponseWriter answer = answer(200, -1, false, false, false);
    write(answer, "abc");
    answer.flush();
    assertThat(sent()).endsWith("Transfer-Encoding: chunked~~3~abc~");
    answer.end();
    assertThat(sent()).endsWith("3~abc~0~~");
  }

  @Test
  void aCallerWithoutChunksSeesTheEndByTheConnections() throws IOException {
    ResponseWriter answer = answer(200, -1, false, true, false);
    write(answer, "abc");
    answer.end();
    assertThat(answer.endsConnection()).isTrue();
    assertThat(sent()).endsWith("Connection: close~~abc");
    assertThat(sent()).doesNotContain("Transfer-Encoding").doesNotContain("Content-Length");
  }

  @Test
  void whatHasNoBodyTellsALengthOnlyToHead() throws IOException {
    answer(200, 5, true, false, false).end();
    assertThat(sent()).endsWith("Content-Length: 5~~");
    socket.reset();
    answer(304, 5, true, false, true).end();
    assertThat(sent())
        .isEqualTo("HTTP/1.1 304 Not Modified~X-A: b~X-Request-Id: id~Connection: close~~");
    socket.reset();
    answer(200, -1, true, false, false).end();
    assertThat(sent()).endsWith("X-Request-Id: id~~");
  }

  @Test
  void noValueCanEndItsLine() throws IOException {
    ResponseWriter.Head head =
        new ResponseWriter.Head(
            299, List.of(new Field("X-A", "b\r\nX-C: d")), "id", 0, false, false, false);
    new ResponseWriter(head, new SessionOutputBufferImpl(1024), socket).end();
    assertThat(sent().split("~")).hasSize(4).startsWith("HTTP/1.1 299 ");
  }

  @Test
  void bytesThatAreNoAsciiPass() throws IOException {
    String name = new String("Ä".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    ResponseWriter.Head head =
        new ResponseWriter.Head(999, List.of(new Field("X-A", name)), "id", 0, false, false, false);
    new ResponseWriter(head, new SessionOutputBufferImpl(1024), socket).end();
    assertThat(socket.toString(StandardCharsets.UTF_8)).startsWith("HTTP/1.1 999 \r\nX-A: Ä\r\n");
  }

  private ResponseWriter answer(
      int status, long length, boolean bodiless, boolean http10, boolean closing) {
    ResponseWriter.Head head =
        new ResponseWriter.Head(
            status, List.of(new Field("X-A", "b")), "id", length, bodiless, http10, closing);
    return new ResponseWriter(head, new SessionOutputBufferImpl(1024), socket);
  }

  private static void write(ResponseWriter answer, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    answer.write(bytes, bytes.length);
  }

  private String sent() {
    return socket.toString(StandardCharsets.ISO_8859_1).replace("\r\n", "~");
  }
}
