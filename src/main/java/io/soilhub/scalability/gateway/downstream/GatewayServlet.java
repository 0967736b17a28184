package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.access.RequestAuthority;
import io.soilhub.scalability.access.RequestAuthorizer;
import io.soilhub.scalability.gateway.proxy.DownstreamExchange;
import io.soilhub.scalability.gateway.proxy.Field;
import io.soilhub.scalability.gateway.proxy.Gateway;
import io.soilhub.scalability.gateway.proxy.ProxyRequest;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Authority;
import io.soilhub.scalability.telemetry.logging.RequestId;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/// `/gateway/{service}/{path}` at the server's own port, any method. The server's thread is free
/// again as soon as it is known that the request may be forwarded.
public class GatewayServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final transient RequestAuthorizer requestAuthorizer;
  private final transient Gateway gateway;
  private final transient ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final transient Executor carrying;
  private final transient Problem.Page problems;

  @Inject
  public GatewayServlet(
      RequestAuthorizer requestAuthorizer,
      Gateway gateway,
      Problem.Page problems,
      Tracing tracing) {
    this.requestAuthorizer = requestAuthorizer;
    this.gateway = gateway;
    this.carrying = tracing.carrying(threads);
    this.problems = problems;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response) {
    Framing.guard(request, response);
    String id = response.getHeader(RequestId.HEADER);
    ServletDownstream downstream = new ServletDownstream(request, response, id, problems);
    try {
      ProxyRequest admitted = admit(request, id);
      AsyncContext async = request.startAsync(request, response);
      async.setTimeout(0);
      forward(admitted, downstream, async);
    } catch (Problem problem) {
      gateway.fail(downstream, problem);
    }
  }

  @Override
  public void destroy() {
    threads.shutdownNow();
  }

  /// The server answers TRACE by itself unless this is here.
  @Override
  protected void doTrace(HttpServletRequest request, HttpServletResponse response) {
    service(request, response);
  }

  private void forward(ProxyRequest request, DownstreamExchange downstream, AsyncContext async) {
    Runnable forward =
        () -> {
          RequestId.enter(request.id());
          try {
            gateway.forward(request, downstream);
          } finally {
            async.complete();
            RequestId.leave();
          }
        };
    try {
      carrying.execute(forward);
    } catch (RejectedExecutionException e) {
      gateway.fail(
          downstream, Problem.unavailable("stopping", "This replica is stopping.", RETRY_AFTER, e));
      async.complete();
    }
  }

  /// @throws Problem for a request that may not be forwarded
  private ProxyRequest admit(HttpServletRequest request, String id) {
    Authority authority = RequestAuthority.of(request);
    String peer = request.getRemoteAddr();
    Set<String> credentials =
        requestAuthorizer.admit(
            RequestAuthorizer.Shown.of(
                request.getMethod(), request::getHeader, Optional.of(authority), peer));
    return new ProxyRequest(
        id,
        request.getMethod(),
        request.getRequestURI(),
        Optional.ofNullable(request.getQueryString()),
        fields(request),
        new ProxyRequest.Origin(peer, authority.toString(), request.getScheme()),
        credentials,
        true);
  }

  private static List<Field> fields(HttpServletRequest request) {
    List<Field> fields = new ArrayList<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      for (String value : Collections.list(request.getHeaders(name))) {
        fields.add(new Field(name, value));
      }
    }
    return fields;
  }
}
