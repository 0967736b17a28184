package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.gateway.proxy.Field;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hc.core5.http.impl.EnglishReasonPhraseCatalog;
import org.apache.hc.core5.http.impl.io.ChunkedOutputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthOutputStream;
import org.apache.hc.core5.http.impl.io.IdentityOutputStream;
import org.apache.hc.core5.http.io.SessionOutputBuffer;

/// Writes one response to a connection.
final class ResponseWriter {

  /// @param length of the body, or of what GET would bring; negative when it is not known
  /// @param bodiless whether there is no body
  /// @param http10 whether the client does not know chunks
  /// @param closing whether the connection ends after the response
  record Head(
      int status,
      List<Field> fields,
      String requestId,
      long length,
      boolean bodiless,
      boolean http10,
      boolean closing) {

    boolean chunked() {
      return length < 0 && !bodiless && !http10;
    }

    /// Whether only the end of the connection tells the end of the body.
    boolean untilClose() {
      return length < 0 && !bodiless && http10;
    }
  }

  private static final Logger LOG = System.getLogger(ResponseWriter.class.getName());
  private static final int CHUNK = 8 * 1024;
  private static final byte[] END = {'\r', '\n'};

  private final Head head;
  private final SessionOutputBuffer buffer;
  private final OutputStream socket;
  private OutputStream body;
  private boolean begun;
  private long written;

  ResponseWriter(Head head, SessionOutputBuffer buffer, OutputStream socket) {
    this.head = head;
    this.buffer = buffer;
    this.socket = socket;
    this.body = OutputStream.nullOutputStream();
  }

  int status() {
    return head.status();
  }

  long written() {
    return written;
  }

  boolean begun() {
    return begun;
  }

  boolean endsConnection() {
    return head.closing() || head.untilClose();
  }

  void write(byte[] bytes, int count) throws IOException {
    begin();
    body.write(bytes, 0, count);
    written += count;
  }

  void flush() throws IOException {
    begin();
    body.flush();
    buffer.flush(socket);
  }

  void end() throws IOException {
    begin();
    body.close();
    buffer.flush(socket);
  }

  /// Ends a response that is not whole. Where only the end of the connection tells the end of the
  /// body, that end must be a reset.
  void abort(WatchedSocket client) {
    boolean sent = sendBuffered();
    if (sent && head.untilClose()) {
      client.reset();
    } else {
      client.cut();
    }
  }

  private boolean sendBuffered() {
    try {
      buffer.flush(socket);
      return true;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the client disconnected", e);
      return false;
    }
  }

  private void begin() throws IOException {
    if (begun) {
      return;
    }
    begun = true;
    writeHead();
    if (head.chunked()) {
      body = new ChunkedOutputStream(buffer, socket, CHUNK);
    } else if (head.untilClose()) {
      body = new IdentityOutputStream(buffer, socket);
    } else if (!head.bodiless()) {
      body = new ContentLengthOutputStream(buffer, socket, head.length());
    }
  }

  private void writeHead() throws IOException {
    int status = head.status();
    String reason =
        status < 600 ? EnglishReasonPhraseCatalog.INSTANCE.getReason(status, null) : null;
    line("HTTP/1.1 " + status + " " + (reason == null ? "" : reason));
    for (Field field : head.fields()) {
      line(field.name() + ": " + field.value());
    }
    line("X-Request-Id: " + head.requestId());
    if (head.chunked()) {
      line("Transfer-Encoding: chunked");
    } else if (head.length() >= 0 && status != 204 && status != 304) {
      line("Content-Length: " + head.length());
    }
    if (endsConnection()) {
      line("Connection: close");
    } else if (head.http10()) {
      line("Connection: keep-alive");
    }
    line("");
  }

  /// Byte by byte as it came, because fields may hold bytes that are not ASCII; except for
  /// controls, which could end the line early.
  private void line(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') {
        bytes[i] = ' ';
      }
    }
    buffer.write(bytes, socket);
    buffer.write(END, socket);
  }
}
