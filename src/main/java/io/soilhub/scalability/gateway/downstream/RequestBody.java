package io.soilhub.scalability.gateway.downstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// The body of a request on a connection. It knows whether it has been read to its end, where the
/// next request begins, and tells a client that waits for it to send (RFC 9110, section 10.1.1).
final class RequestBody extends InputStream {

  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final InputStream in;
  private final OutputStream out;
  private boolean awaited;
  private long left;

  /// @param in ends where the body does
  /// @param length in bytes; negative when only the end tells
  /// @param out where 100 (Continue) is written
  /// @param awaited whether the client waits for it
  RequestBody(InputStream in, long length, OutputStream out, boolean awaited) {
    this.in = in;
    this.left = length;
    this.out = out;
    this.awaited = awaited;
  }

  /// A body whose end is not known: it is never read, and nothing can follow it.
  static RequestBody unknown() {
    return new RequestBody(nullInputStream(), -1, OutputStream.nullOutputStream(), false);
  }

  /// Whether nothing of it is left on the connection.
  boolean ended() {
    return left == 0;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int most) throws IOException {
    if (left == 0) {
      return -1;
    }
    if (awaited) {
      awaited = false;
      out.write(CONTINUE);
    }
    int got = in.read(bytes, offset, most);
    if (got < 0) {
      left = 0;
    } else if (left > 0) {
      left -= got;
    }
    return got;
  }
}
