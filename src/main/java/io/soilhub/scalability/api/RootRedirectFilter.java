package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.http.HttpMethods;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/// Leads a browser that asks for `/` to the page of the REST API. A filter, because the server
/// looks for a welcome file before it asks any servlet.
final class RootRedirectFilter extends HttpFilter {

  private static final long serialVersionUID = 1L;
  private static final String API_PAGE = "/openapi/ui/";

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Optional<String> target = target(request.getMethod(), request.getRequestURI());
    if (target.isPresent()) {
      response.setStatus(HttpServletResponse.SC_FOUND);
      response.setHeader("Location", target.get());
    } else {
      chain.doFilter(request, response);
    }
  }

  /// Where a request is sent instead; empty for all but reading the root.
  static Optional<String> target(String method, String path) {
    return path.equals("/") && HttpMethods.isRetrieval(method)
        ? Optional.of(API_PAGE)
        : Optional.empty();
  }
}
