package io.soilhub.scalability.platform.http;

import java.net.Inet6Address;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The host that a request was sent to, with the port if the caller named one: the value of `Host`
/// and of `:authority` in an absolute target (RFC 9110, section 7.2). It is the one parser for both
/// ports, so that the host that is checked is the host that is passed on.
///
/// It takes less than RFC 3986 allows: no user information, no percent-encoding, and none of the
/// characters that no host name has. A comma or a semicolon would end a value of `Forwarded` or
/// `X-Forwarded-Host` early.
///
/// @param host name or address as it was sent; an IPv6 address is in brackets
/// @param port 0 to 65535, or [#NO_PORT]
public record Authority(String host, int port) {

  public static final int NO_PORT = -1;

  private static final int MOST = 65_535;
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9._~-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}]");
  private static final Pattern FORM = Pattern.compile("(" + HOST + ")(?::(\\d{0,5}))?");

  public Authority {
    if (!isHost(host) || port < NO_PORT || port > MOST) {
      throw new IllegalArgumentException("no authority: " + host + " with port " + port);
    }
  }

  /// Empty for what is no authority.
  public static Optional<Authority> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || !isHost(matcher.group(1))) {
      return Optional.empty();
    }
    String digits = matcher.group(2);
    int port = digits == null || digits.isEmpty() ? NO_PORT : Integer.parseInt(digits);
    return port > MOST ? Optional.empty() : Optional.of(new Authority(matcher.group(1), port));
  }

  /// Whether both name the same host and port.
  ///
  /// @param defaultPort of the scheme, for one that names none
  public boolean isSame(Authority other, int defaultPort) {
    return host.toLowerCase(Locale.ROOT).equals(other.host.toLowerCase(Locale.ROOT))
        && portOr(defaultPort) == other.portOr(defaultPort);
  }

  private int portOr(int defaultPort) {
    return port == NO_PORT ? defaultPort : port;
  }

  /// What is in brackets must be an IPv6 address. The JDK reads literals without a look-up.
  private static boolean isHost(String host) {
    if (!HOST.matcher(host).matches()) {
      return false;
    }
    if (!host.startsWith("[")) {
      return true;
    }
    try {
      return Inet6Address.ofLiteral(host.substring(1, host.length() - 1)) != null;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  @Override
  public String toString() {
    return port == NO_PORT ? host : host + ":" + port;
  }
}
