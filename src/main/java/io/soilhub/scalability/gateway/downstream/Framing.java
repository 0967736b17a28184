package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.platform.http.HttpMethods;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;

/// Whether it is certain where the body of a request ends (RFC 9112, section 6.3). The server hides
/// lengths that are not numbers, and takes such a body for the next request. Where that is
/// possible, the connection ends with the response, whatever the response is.
final class Framing {

  private Framing() {}

  /// Ends the connection with this response when the end of the request is doubtful. Must be
  /// repeated after a reset of the response.
  static void guard(HttpServletRequest request, HttpServletResponse response) {
    if (isDoubtful(
        request.getMethod(), all(request, "Content-Length"), all(request, "Transfer-Encoding"))) {
      close(response);
    }
  }

  static void close(HttpServletResponse response) {
    response.setHeader("Connection", "close");
  }

  /// @param lengths values of Content-Length
  /// @param codings values of Transfer-Encoding
  static boolean isDoubtful(String method, List<String> lengths, List<String> codings) {
    return switch (lengths.size() + codings.size()) {
      case 0 -> !HttpMethods.isRetrieval(method);
      case 1 ->
          lengths.isEmpty()
              ? !codings.getFirst().strip().equalsIgnoreCase("chunked")
              : !lengths.getFirst().matches("\\d{1,18}");
      default -> true;
    };
  }

  private static List<String> all(HttpServletRequest request, String name) {
    return Collections.list(request.getHeaders(name));
  }
}
