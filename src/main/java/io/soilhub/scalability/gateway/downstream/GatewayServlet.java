package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.access.RequestAuthority;
import io.soilhub.scalability.access.RequestAuthorizer;
import io.soilhub.scalability.gateway.proxy.ClientDisconnected;
import io.soilhub.scalability.gateway.proxy.Gateway;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.telemetry.logging.RequestId;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/// `/gateway/{service}/{path}` at the server's own port, any method. The server's thread is free
/// again as soon as the caller is known.
public class GatewayServlet extends HttpServlet {

  private static final Logger LOG = System.getLogger(GatewayServlet.class.getName());
  private static final long serialVersionUID = 1L;
  private static final Duration COME_AGAIN = Duration.ofSeconds(1);

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
    RequestAuthorizer.Shown shown =
        RequestAuthorizer.Shown.of(
            request.getMethod(),
            request::getHeader,
            Optional.of(RequestAuthority.of(request)),
            request.getRemoteAddr());
    try {
      forward(request, response, requestAuthorizer.admit(shown));
    } catch (Problem problem) {
      refuse(new ServletDownstream(request, response, Set.of(), problems), problem);
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

  private void forward(
      HttpServletRequest request, HttpServletResponse response, Set<String> secret) {
    AsyncContext async = request.startAsync(request, response);
    async.setTimeout(0);
    ServletDownstream caller = new ServletDownstream(request, response, secret, problems);
    Runnable forward =
        () -> {
          RequestId.enter(caller.requestId());
          try {
            gateway.forward(caller);
          } finally {
            async.complete();
            RequestId.leave();
          }
        };
    try {
      carrying.execute(forward);
    } catch (RejectedExecutionException e) {
      refuse(caller, Problem.unavailable("stopping", "This replica is stopping.", COME_AGAIN, e));
      async.complete();
    }
  }

  private static void refuse(ServletDownstream caller, Problem problem) {
    try {
      caller.refuse(problem);
    } catch (ClientDisconnected e) {
      LOG.log(Level.DEBUG, "the caller is gone", e);
    }
  }
}
