package io.soilhub.scalability.platform.outbound;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/// A request to another service. Header fields that belong to the connection are added when it is
/// sent.
///
/// @param uri http or https, with a host
/// @param headers by name
/// @param body text, sent as UTF-8; empty for none
public record OutboundRequest(String method, URI uri, Map<String, String> headers, String body) {

  private static final int HIGHEST_PORT = 65_535;

  public OutboundRequest {
    if (!isUsable(uri)) {
      throw new IllegalArgumentException("no http or https URL with a host");
    }
    headers = Map.copyOf(headers);
  }

  /// Whether it is an http or https URL with a host and no port that there is none of.
  public static boolean isUsable(URI uri) {
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    return http && uri.getHost() != null && uri.getPort() != 0 && uri.getPort() <= HIGHEST_PORT;
  }

  public static OutboundRequest of(String method, URI uri) {
    return new OutboundRequest(method, uri, Map.of(), "");
  }

  public OutboundRequest with(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new OutboundRequest(method, uri, all, body);
  }

  public OutboundRequest json(String text) {
    return new OutboundRequest(method, uri, headers, text).with("Content-Type", "application/json");
  }

  boolean isSecure() {
    return uri.getScheme().equals("https");
  }

  /// Without the brackets of an IPv6 address.
  String host() {
    String host = uri.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int port() {
    return uri.getPort() >= 0 ? uri.getPort() : isSecure() ? 443 : 80;
  }

  /// Of the header field Host.
  String authority() {
    return uri.getPort() >= 0 ? uri.getHost() + ":" + uri.getPort() : uri.getHost();
  }

  /// Path and query as they are sent.
  String target() {
    URI ascii = URI.create(uri.toASCIIString());
    String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
    return ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
  }
}
