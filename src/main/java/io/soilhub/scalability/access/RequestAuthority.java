package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Authority;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;

/// The authority of a request at the server's port. The server lets the host of an absolute target
/// win over the field Host (RFC 9112, section 3.2.2), but takes either as it comes: user
/// information, several fields Host, and a scheme that the connection does not have.
public final class RequestAuthority {

  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private RequestAuthority() {}

  /// What is to be checked, compared with an origin, and told to instances.
  ///
  /// @throws Problem of kind MALFORMED when it is not certain to which host the request was sent
  public static Authority of(HttpServletRequest request) {
    List<String> hosts = Collections.list(request.getHeaders("Host"));
    boolean counted = hosts.size() == 1 || (hosts.isEmpty() && isHttp10(request));
    if (!counted || !hosts.stream().allMatch(host -> Authority.parse(host).isPresent())) {
      throw malformed("There must be one Host: a name or an address, with or without a port.");
    }
    String scheme = request.isSecure() ? "https" : "http";
    if (!scheme.equalsIgnoreCase(request.getScheme())) {
      throw malformed("The target has another scheme than the connection.");
    }
    int port = request.getServerPort();
    boolean usual = port == (request.isSecure() ? HTTPS : HTTP);
    return Authority.parse(bracketed(request.getServerName()) + (usual ? "" : ":" + port))
        .orElseThrow(() -> malformed("The target's host must be a name or an address."));
  }

  private static boolean isHttp10(HttpServletRequest request) {
    return "HTTP/1.0".equals(request.getProtocol());
  }

  /// The server may leave the brackets of an IPv6 address out.
  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  private static Problem malformed(String detail) {
    return new Problem(Problem.Kind.MALFORMED, "malformed-request", detail);
  }
}
