package io.soilhub.scalability.gateway;

import io.soilhub.scalability.access.Entrance;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;

/// `/gateway/{service}/{path}`, any method. The server's thread is free again as soon as the caller
/// is known.
public class GatewayServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final transient Entrance entrance;
  private final transient Gateway gateway;

  @Inject
  public GatewayServlet(Entrance entrance, Gateway gateway) {
    this.entrance = entrance;
    this.gateway = gateway;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response) {
    Set<String> secret = entrance.admit(request);
    gateway.forward(request, response, secret);
  }
}
