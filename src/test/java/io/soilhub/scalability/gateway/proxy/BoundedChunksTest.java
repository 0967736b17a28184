package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What may come besides the data of a body in chunks.
class BoundedChunksTest {

  private final SessionInputBufferImpl buffer = new SessionInputBufferImpl(64);

  @ParameterizedTest
  @CsvSource({"1, 0, 100000", "1, 20, 100000", "1000, 1000, 1000", "1, 15000, 1"})
  void usualBodiesPass(int size, int extension, int chunks) throws IOException {
    assertThat(read(size, extension, chunks, "").length).isEqualTo(size * chunks);
  }

  @ParameterizedTest
  @CsvSource({"1, 1000, 100", "1, 100, 1000", "8, 15000, 3"})
  void extensionsThatOutweighTheDataAreRefused(int size, int extension, int chunks) {
    assertThatThrownBy(() -> read(size, extension, chunks, "")).isInstanceOf(IOException.class);
  }

  @Test
  void theTrailerIsBoundedAsWell() throws IOException {
    String field = "X-T: " + "a".repeat(1000) + "\r\n";
    assertThat(read(1, 0, 1, field.repeat(10))).hasSize(1);
    assertThatThrownBy(() -> read(1, 0, 1, field.repeat(20))).isInstanceOf(IOException.class);
  }

  @Test
  void whatWasReadBeforeTheBodyDoesNotCount() throws IOException {
    byte[] head = new byte[50_000];
    ByteArrayInputStream before = new ByteArrayInputStream(head);
    for (int read = buffer.read(before); read >= 0; read = buffer.read(before)) {
      // taken out of the connection
    }
    assertThat(read(1, 0, 1, "")).hasSize(1);
  }

  private byte[] read(int size, int extension, int chunks, String trailer) throws IOException {
    String line = Integer.toHexString(size) + (extension == 0 ? "" : ";" + "x".repeat(extension));
    String chunk = line + "\r\n" + "d".repeat(size) + "\r\n";
    String body = chunk.repeat(chunks) + "0\r\n" + trailer + "\r\n";
    ByteArrayInputStream in = new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1));
    BoundedChunks bounded =
        new BoundedChunks(
            new ChunkedInputStream(buffer, in),
            () -> buffer.getMetrics().getBytesTransferred() - buffer.length());
    return bounded.readAllBytes();
  }
}
