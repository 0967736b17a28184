package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.access.RequestAuthority;
import io.soilhub.scalability.gateway.proxy.ClientDisconnected;
import io.soilhub.scalability.gateway.proxy.DownstreamExchange;
import io.soilhub.scalability.gateway.proxy.Field;
import io.soilhub.scalability.platform.core.Problem;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A caller at the server's own port.
final class ServletDownstream implements DownstreamExchange {

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Set<String> secret;
  private final Problem.Page problems;
  private final String requestId;

  ServletDownstream(
      HttpServletRequest request,
      HttpServletResponse response,
      Set<String> secret,
      Problem.Page problems) {
    this.request = request;
    this.response = response;
    this.secret = secret;
    this.problems = problems;
    this.requestId = response.getHeader("X-Request-Id");
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String path() {
    return request.getRequestURI();
  }

  @Override
  public Optional<String> query() {
    return Optional.ofNullable(request.getQueryString());
  }

  @Override
  public List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      for (String value : Collections.list(request.getHeaders(name))) {
        fields.add(new Field(name, value));
      }
    }
    return fields;
  }

  @Override
  public String peer() {
    return request.getRemoteAddr();
  }

  @Override
  public String host() {
    return RequestAuthority.of(request).toString();
  }

  @Override
  public String scheme() {
    return request.getScheme();
  }

  @Override
  public String requestId() {
    return requestId;
  }

  @Override
  public Set<String> secret() {
    return secret;
  }

  /// The server does.
  @Override
  public boolean unpacks() {
    return true;
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
  public boolean begun() {
    return response.isCommitted();
  }

  @Override
  public void write(byte[] bytes, int count) throws ClientDisconnected {
    try {
      response.getOutputStream().write(bytes, 0, count);
    } catch (IOException e) {
      throw new ClientDisconnected(e);
    }
  }

  /// The server only takes note of the first flush of an answer, and sends nothing.
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

  /// The server does, once the request is complete.
  @Override
  public void end() {}

  @Override
  public void refuse(Problem problem) throws ClientDisconnected {
    byte[] body = problems.body(problem, request.getRequestURI(), requestId);
    // Nothing may stay of an answer that had begun to be passed on.
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
    response.setContentLength(body.length);
    write(body, body.length);
  }

  @Override
  public void breakOff() {
    ChunkedResponseAborter.withhold(request);
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
