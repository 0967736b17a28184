package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.gateway.proxy.ClientDisconnected;
import io.soilhub.scalability.gateway.proxy.DownstreamExchange;
import io.soilhub.scalability.gateway.proxy.Field;
import io.soilhub.scalability.platform.core.Problem;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The client's side of one request at the server's own port.
final class ServletDownstream implements DownstreamExchange {

  private static final Logger LOG = System.getLogger(ServletDownstream.class.getName());

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final String requestId;
  private final Problem.Page problems;

  ServletDownstream(
      HttpServletRequest request,
      HttpServletResponse response,
      String requestId,
      Problem.Page problems) {
    this.request = request;
    this.response = response;
    this.requestId = requestId;
    this.problems = problems;
  }

  @Override
  public InputStream body() throws IOException {
    return request.getInputStream();
  }

  @Override
  public void begin(int status, List<Field> fields, long length) {
    response.setStatus(status);
    Set<String> seen = new HashSet<>();
    for (Field field : fields) {
      if (seen.add(field.name().toLowerCase(Locale.ROOT))) {
        response.setHeader(field.name(), field.value());
      } else {
        response.addHeader(field.name(), field.value());
      }
    }
    if (length >= 0 && status != 204 && status != 304) {
      response.setContentLengthLong(length);
    }
  }

  @Override
  public void write(byte[] bytes, int count) throws ClientDisconnected {
    try {
      response.getOutputStream().write(bytes, 0, count);
    } catch (IOException e) {
      throw new ClientDisconnected(e);
    }
  }

  /// The server only takes note of the first flush of a response, and sends nothing.
  @Override
  public void flush() throws ClientDisconnected {
    try {
      ServletOutputStream out = response.getOutputStream();
      if (!response.isCommitted()) {
        out.flush();
      }
      out.flush();
    } catch (IOException e) {
      throw new ClientDisconnected(e);
    }
  }

  /// The server does it, once the request is complete.
  @Override
  public void end() {}

  @Override
  public void fail(Problem problem) {
    if (response.isCommitted()) {
      ChunkedResponseAborter.abort(request);
      return;
    }
    try {
      respond(problem);
    } catch (ClientDisconnected | IllegalStateException e) {
      LOG.log(Level.DEBUG, "the client disconnected", e);
    }
  }

  private void respond(Problem problem) throws ClientDisconnected {
    byte[] page = problems.body(problem, request.getRequestURI(), requestId);
    // Nothing may stay of a response that had begun.
    response.reset();
    response.setHeader("X-Request-Id", requestId);
    response.setHeader("X-Content-Type-Options", "nosniff");
    Framing.guard(request, response);
    if (problem.kind() == Problem.Kind.MALFORMED) {
      Framing.close(response);
    }
    response.setStatus(problem.kind().status());
    problem.retryAfterField().ifPresent(seconds -> response.setHeader("Retry-After", seconds));
    response.setContentType("application/problem+json");
    response.setContentLength(page.length);
    write(page, page.length);
  }

  /// The server does not look at a connection while its request is being answered.
  @Override
  public boolean isGone() {
    return false;
  }

  /// The server bounds each wait by itself.
  @Override
  public void cut() {}
}
