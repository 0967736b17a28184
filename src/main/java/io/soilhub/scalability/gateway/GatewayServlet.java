package io.soilhub.scalability.gateway;

import io.soilhub.scalability.access.Entrance;
import io.soilhub.scalability.platform.Problem;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/// `/gateway/{service}/{path}`, any method. The server's thread is free again as soon as the caller
/// is known.
public class GatewayServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final transient Entrance entrance;
  private final transient Gateway gateway;
  private final transient Problem.Page problems;

  @Inject
  public GatewayServlet(Entrance entrance, Gateway gateway, Problem.Page problems) {
    this.entrance = entrance;
    this.gateway = gateway;
    this.problems = problems;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Framing.guard(request, response);
    try {
      Set<String> secret = entrance.admit(request);
      gateway.begin(request, response, secret);
    } catch (Problem problem) {
      Exchange.refuse(problem, request, response, problems);
    }
  }

  /// The server answers TRACE by itself unless this is here.
  @Override
  protected void doTrace(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    service(request, response);
  }
}
