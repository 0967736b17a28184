package io.soilhub.scalability.api;

import io.soilhub.scalability.telemetry.logging.RequestId;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Stands in for the server's own error pages: paths outside the API, and requests that the server
/// refuses before a resource sees them. web.xml sends every error here, and every path that nothing
/// else answers.
public class ErrorPage extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!response.containsHeader(RequestId.HEADER)) {
      Optional<String> sent = Optional.ofNullable(request.getHeader(RequestId.HEADER));
      response.setHeader(RequestId.HEADER, RequestId.of(sent, UUID::randomUUID));
    }
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    ProblemResponse problemResponse =
        ProblemResponse.of(status instanceof Integer code ? code : 404, Map.of());
    RequestContextFilter.write(problemResponse, original(request, path), response);
  }

  /// The server answers TRACE by itself unless this is here, also where TRACE is the error.
  @Override
  protected void doTrace(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    service(request, response);
  }

  private static HttpServletRequest original(HttpServletRequest request, Object path) {
    return new HttpServletRequestWrapper(request) {
      @Override
      public String getRequestURI() {
        return path instanceof String uri ? uri : super.getRequestURI();
      }
    };
  }
}
