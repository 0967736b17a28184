package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.platform.core.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A request as it came to the gateway. Everything on which two parsers could disagree is refused
/// here rather than passed on (RFC 9112, section 11.2).
///
/// @param path raw path and query behind the service
record ProxyRequest(String method, String service, String path, List<Field> headers) {

  private static final String PREFIX = "/gateway/";
  private static final Pattern DOT_SEGMENT =
      Pattern.compile("(^|/|%2f)(\\.|%2e){1,2}($|/|%2f|;|\\?)", Pattern.CASE_INSENSITIVE);

  /// Codings in which a way into the gateway may have unpacked the body.
  static final Set<String> UNPACKABLE = Set.of("gzip", "x-gzip", "deflate");

  private static final int MOST_HOPS = 5;

  /// @throws Problem of kind MALFORMED, NOT_FOUND or NOT_IMPLEMENTED
  static ProxyRequest of(DownstreamExchange downstreamExchange) {
    checkMethod(downstreamExchange.method());
    String uri = downstreamExchange.path();
    if (!uri.startsWith(PREFIX) || uri.length() == PREFIX.length()) {
      throw new Problem(
          Problem.Kind.NOT_FOUND, "no-such-resource", "The path is /gateway/{service}/{path}.");
    }
    int slash = uri.indexOf('/', PREFIX.length());
    int end = slash < 0 ? uri.length() : slash;
    String path = slash < 0 ? "/" : uri.substring(slash);
    if (!isVisible(path) || hasDots(path)) {
      throw malformed("The path must have no dot segments and no control characters.");
    }
    Optional<String> query = downstreamExchange.query();
    if (query.isPresent() && !isVisible(query.get())) {
      throw malformed("The query must have no control characters.");
    }
    ProxyRequest proxyRequest =
        new ProxyRequest(
            downstreamExchange.method(),
            uri.substring(PREFIX.length(), end),
            query.map(q -> path + "?" + q).orElse(path),
            downstreamExchange.fields());
    proxyRequest.check();
    if (downstreamExchange.unpacks()) {
      proxyRequest.checkCoding();
    }
    return proxyRequest;
  }

  private static boolean hasDots(String path) {
    boolean may = path.indexOf('.') >= 0 || path.indexOf('%') >= 0;
    return may && DOT_SEGMENT.matcher(path).find();
  }

  /// @throws Problem as [#of]
  void check() {
    boolean length = false;
    boolean encoded = false;
    int hops = 0;
    for (Field field : headers) {
      checkField(field);
      switch (field.name().toLowerCase(Locale.ROOT)) {
        case "content-length" -> {
          if (length || !field.value().matches("\\d{1,18}")) {
            throw malformed("Content-Length must be one number.");
          }
          length = true;
        }
        case "transfer-encoding" -> {
          if (encoded || !field.value().strip().equalsIgnoreCase("chunked")) {
            throw malformed("Transfer-Encoding must be chunked, once.");
          }
          encoded = true;
        }
        case "upgrade" -> checkUpgrade(field.value());
        case "via" -> hops += field.value().split(Pattern.quote(Headers.VIA), -1).length - 1;
        default -> {
          // passed on, or dropped, as it is
        }
      }
    }
    if (length && encoded) {
      throw malformed("Content-Length and Transfer-Encoding exclude each other.");
    }
    if (hops >= MOST_HOPS) {
      throw new Problem(
          Problem.Kind.BAD_GATEWAY, "gateway-loop", "The request runs in a circle of gateways.");
    }
  }

  /// Names of methods are case-sensitive, but not everybody keeps to that: what one takes for HEAD
  /// another answers with a body, which would then be the answer to the next request.
  private static void checkMethod(String method) {
    boolean tunnel = method.equalsIgnoreCase("TRACE") || method.equalsIgnoreCase("CONNECT");
    boolean almostHead = method.equalsIgnoreCase("HEAD") && !method.equals("HEAD");
    if (tunnel || almostHead) {
      throw notImplemented("method-not-forwarded", method + " is not forwarded.");
    }
  }

  /// Others than WebSocket are offers, which may be passed over (RFC 9110, section 7.8).
  private static void checkUpgrade(String protocols) {
    if (protocols.toLowerCase(Locale.ROOT).contains("websocket")) {
      throw notImplemented("upgrade-not-supported", "The gateway does not forward WebSockets.");
    }
  }

  private static void checkField(Field field) {
    if (!Field.isWellFormed(field.name(), field.value())) {
      throw malformed("A header field has characters that it may not have.");
    }
  }

  private static boolean isVisible(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7F) {
        return false;
      }
    }
    return true;
  }

  private static Problem malformed(String detail) {
    return new Problem(Problem.Kind.MALFORMED, "malformed-request", detail);
  }

  private static Problem notImplemented(String type, String detail) {
    return new Problem(Problem.Kind.NOT_IMPLEMENTED, type, detail);
  }

  /// Whether the body is in a coding that a way in which unpacks bodies has unpacked. Then neither
  /// the coding nor the length that was declared is true of it any more.
  boolean isUnpackable() {
    return UNPACKABLE.contains(coding());
  }

  /// Bytes of the body as it was sent, or [Body#UNKNOWN].
  long length() {
    String declared = header("Content-Length", "");
    if (!declared.isEmpty()) {
      return Long.parseLong(declared);
    }
    return header("Transfer-Encoding", "").isEmpty() ? 0 : Body.UNKNOWN;
  }

  private String coding() {
    return headers.stream()
        .filter(f -> f.name().equalsIgnoreCase("Content-Encoding"))
        .map(f -> f.value().strip().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(","));
  }

  /// A way in unpacks one layer alone, and what is left could not be told.
  private void checkCoding() {
    String coding = coding();
    int last = coding.lastIndexOf(',');
    if (last >= 0 && UNPACKABLE.contains(coding.substring(last + 1).strip())) {
      throw notImplemented("coding-not-forwarded", "A body packed several times is not forwarded.");
    }
  }

  String header(String name, String initial) {
    for (Field field : headers) {
      if (field.name().equalsIgnoreCase(name)) {
        return field.value();
      }
    }
    return initial;
  }
}
