package io.soilhub.scalability.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Requests that no client library sends: bytes as they are, each on a connection of its own.
///
/// @param server of which host and port are used
public record RawHttp(URI server) {

  private static final int PATIENCE_MS = 30_000;

  /// One answer as it came. Its body is whatever came behind the head, chunks and all.
  public record Answer(String head, String body) {

    /// 0 without an answer.
    public int status() {
      return head.startsWith("HTTP/1.") ? Integer.parseInt(head.substring(9, 12)) : 0;
    }

    /// The values of a field.
    public List<String> fields(String name) {
      List<String> values = new ArrayList<>();
      for (String line : head.split("\r\n")) {
        int colon = line.indexOf(':');
        if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
          values.add(line.substring(colon + 1).strip());
        }
      }
      return values;
    }

    public Optional<String> field(String name) {
      return fields(name).stream().findFirst();
    }
  }

  /// Sends a request that says that the connection is to end behind it, and reads to that end.
  /// Words before the answer (100 Continue) are passed over.
  ///
  /// @param request in which each character is a byte
  public Answer send(String request) {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MS);
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        in.transferTo(all);
      } catch (IOException e) {
        // A server that has refused the head may reset the connection below the rest of the body.
        if (all.size() == 0) {
          throw e;
        }
      }
      return answer(all.toString(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new AssertionError("no answer to " + request, e);
    }
  }

  private static Answer answer(String text) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return new Answer(text, "");
    }
    String rest = text.substring(end + 4);
    return text.startsWith("HTTP/1.1 1") ? answer(rest) : new Answer(text.substring(0, end), rest);
  }
}
