package io.soilhub.scalability.gateway.proxy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A response that is what the test says.
record ScriptedResponse(int status, List<Field> headers, long length, InputStream body)
    implements Upstream.Response {

  static ScriptedResponse of(int status) {
    return of(status, "");
  }

  static ScriptedResponse of(int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
    return new ScriptedResponse(status, List.of(), bytes.length, new ByteArrayInputStream(bytes));
  }

  /// Breaks off when its body is read.
  static ScriptedResponse broken(int status) {
    InputStream body =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new SocketException("reset");
          }
        };
    return new ScriptedResponse(status, List.of(), Body.UNKNOWN, body);
  }

  @Override
  public void close() {
    // nothing is open
  }
}
